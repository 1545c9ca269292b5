"""The doctor: asks a deployment over HTTP what portals and researchers would ask, and says what to do.

Nothing but the address is needed; what the site says of itself (VoID) leads to the rest. Each check is a function over
a `Site`; an answer that no check expects is a remark, too, and never ends the examination.
"""

from wir2graph.doctor.client import Client, Unreachable
from wir2graph.doctor.examination import CHECKS, Examination, examine
from wir2graph.doctor.remark import Remark, Severity
from wir2graph.doctor.site import Site

__all__ = ["CHECKS", "Client", "Examination", "Remark", "Severity", "Site", "Unreachable", "examine"]
