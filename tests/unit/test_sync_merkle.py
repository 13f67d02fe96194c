"""Merkle trees: against RFC 6962's own definition, and nothing else may pass."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.merkle import Leaf, MerkleError, Tree, leaf_hash, node_hash, root_of_path

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_root_is_that_of_the_rfc(leaves: list[bytes]) -> None:
    assert Tree([leaf_hash(leaf) for leaf in leaves]).root == defined(leaves)


def test_certificate_transparency_s_own_example() -> None:
    """The seven leaves of the RFC's drawing, by the vectors of certificate-transparency-go."""
    texts = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
    leaves = [leaf_hash(bytes.fromhex(text)) for text in texts]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    }
    for size, root in roots.items():
        assert Tree(leaves[:size]).root.hex() == root


@given(LEAVES, st.data())
def test_every_leaf_has_a_proof(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tree = Tree(hashes)
    place = data.draw(st.integers(0, len(leaves) - 1))
    assert root_of_path(hashes[place], place, len(tree), tree.path(place)) == tree.root


@given(LEAVES, st.data())
def test_no_other_proof_passes(leaves: list[bytes], data: st.DataObject) -> None:
    """Another leaf, place, hash or length leads elsewhere, or nowhere."""
    leaves = [bytes([number]) + leaf for number, leaf in enumerate(leaves)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tree = Tree(hashes)
    place = data.draw(st.integers(0, len(leaves) - 1))
    path = list(tree.path(place))
    leaf, at, size = hashes[place], place, len(tree)
    kind = data.draw(st.sampled_from(("leaf", "place", "size", "hash", "longer", "shorter")))
    if kind == "leaf":
        leaf = leaf_hash(b"something else")
    elif kind == "place":
        at = data.draw(st.integers(-1, size).filter(lambda other: other != place))
    elif kind == "size":
        size = data.draw(
            st.integers(0, 2 * size).filter(lambda other: other.bit_length() != size.bit_length())
        )
    elif kind == "hash" and path:
        which = data.draw(st.integers(0, len(path) - 1))
        path[which] = leaf_hash(path[which])
    elif kind == "shorter" and path:
        path.pop(data.draw(st.integers(0, len(path) - 1)))
    else:
        path.append(bytes(32))
    with suppress(MerkleError):
        assert root_of_path(leaf, at, size, path) != tree.root


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Leaf("chain", "c1", 1, bytes(32)), Leaf("audit", "c1", 1, bytes(32))),
        (Leaf("chain", "c1", 1, bytes(32)), Leaf("chain", "c", 1, bytes(32))),
        (Leaf("chain", "c1", 1, bytes(32)), Leaf("chain", "c1", 2, bytes(32))),
        (Leaf("chai", "nc1", 1, bytes(32)), Leaf("chain", "c1", 1, bytes(32))),
    ],
)
def test_no_two_leaves_have_one_text(one: Leaf, other: Leaf) -> None:
    assert one.data() != other.data()


def test_a_node_is_never_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("leaf", [Leaf("chain", "c", 1, b""), Leaf("chain", "c", -1, bytes(32))])
def test_a_leaf_is_the_head_of_a_chain(leaf: Leaf) -> None:
    with pytest.raises(MerkleError):
        leaf.data()
