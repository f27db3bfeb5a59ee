"""The commands of `manage.py` about staff, one file each."""
