import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from training.linear import stacked

PARTS = st.lists(st.tuples(st.integers(0, 6), st.floats(0, 1)), min_size=1, max_size=5)


@given(PARTS, st.integers(1, 9), st.integers(0, 99))
def test_parts_are_stacked_as_they_are(parts: list[tuple[int, float]], width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    sparse = [
        sp.random(rows, width, density, format="csr", dtype=np.float32, random_state=random) for rows, density in parts
    ]
    found = stacked(iter(sparse))
    assert found.dtype == np.float32
    assert found.shape == (sum(rows for rows, _ in parts), width)
    assert np.array_equal(found.toarray(), np.concatenate([part.toarray() for part in sparse]))
