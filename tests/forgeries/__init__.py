"""Everything that somebody with plain git may try, one function each; tests/test_forgeries.py tries it."""

from __future__ import annotations

from tests.forgeries import approvals as approvals
from tests.forgeries import blinding as blinding
from tests.forgeries import bytes as bytes
from tests.forgeries import content as content
from tests.forgeries import disputes as disputes
from tests.forgeries import evading as evading
from tests.forgeries import files as files
from tests.forgeries import identity as identity
from tests.forgeries import imports as imports
from tests.forgeries import merges as merges
from tests.forgeries import messages as messages
from tests.forgeries import numbers as numbers
from tests.forgeries import people as people
from tests.forgeries import policy as policy
from tests.forgeries import signatures as signatures
from tests.forgeries import times as times
from tests.forgeries import touching as touching
from tests.forgeries.catalogue import CATALOGUE as CATALOGUE
