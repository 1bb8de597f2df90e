"""Signatures of the wrong kind, by the wrong key, over something else."""

from __future__ import annotations

from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forging import Forger

ARMOUR = "gpgsig -----BEGIN {0}-----\n iQEzBAABCAAdFiEE\n -----END {0}-----\n"


def _bearing(forger: Forger, armour: str) -> str:
    return honest(forger, approval(forger), more=armour)


@forgery("signature", world.REQUESTED, "H13")
def brings_an_openpgp_signature(forger: Forger) -> str:
    """A signature of a kind for which git asks another keyring."""
    return _bearing(forger, ARMOUR.format("PGP SIGNATURE"))


@forgery("signature", world.REQUESTED, "H13-x509")
def brings_a_certificate(forger: Forger) -> str:
    """A signature of a kind for which git asks the machine's certificates."""
    return _bearing(forger, ARMOUR.format("SIGNED MESSAGE"))


@forgery("signature", world.REQUESTED, "H13-empty")
def brings_a_signature_of_nothing(forger: Forger) -> str:
    """An SSH signature in which nothing is signed."""
    return _bearing(forger, ARMOUR.format("SSH SIGNATURE"))
