"""Scripts and styles of the sandbox, each made of the small files of one folder, in the order of their names."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from .at_home import at_home

FOLDER = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css"}


@at_home
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """`name.js`: the file of that name, or all files of the folder `name`, one after the other."""
    path = FOLDER / name
    kind = TYPES.get(path.suffix)
    files = [path] if path.is_file() else sorted(path.with_suffix("").glob(f"*{path.suffix}"))
    if kind is None or not files:
        raise Http404
    body = "\n".join(file.read_text() for file in files)
    return HttpResponse(body, content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": "no-cache"})
