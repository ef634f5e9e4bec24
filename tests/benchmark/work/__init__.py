"""The workloads, in the order in which a server gets them."""

from work.bench import WORKLOADS
from work import reading, writing, trees, locks, properties  # noqa: F401  Each adds its own to WORKLOADS.

ORDER = ("get_small get_1g put_1g put_seq put_par propfind_flat propfind_inf copy_tree copy_1g move_tree delete_tree lock_cycles "
         "lock_inf locks_1000 proppatch after move_kept").split()
assert set(ORDER) == set(WORKLOADS), set(ORDER) ^ set(WORKLOADS)
