"""What the engine measures about itself, in base units."""

from prometheus_client import Counter, Histogram

BATCH_SIZE = Histogram(
    "bazico_group_commit_batch_size",
    "Requests that one transaction carried",
    buckets=(1, 2, 4, 8, 16, 32, 64),
)
BATCH_SECONDS = Histogram(
    "bazico_batch_duration_seconds",
    "One transaction of the engine, from its first statement to its COMMIT, the wait for the lock included",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
REFUSED_WITHOUT_LOCK = Counter(
    "bazico_refused_without_lock_total", "Reserve requests that a committed read answered with out_of_stock"
)
