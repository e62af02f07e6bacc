"""pagesieve's model: a page goes in, every line comes out labelled.

>>> from model import strip, Page
>>> strip(Page.from_text("...")).text()
"""

from model.label import KEPT, LABELS, Label
from model.page import Page
from model.strip import LabelledLine, Stripped, strip, strip_many

__all__ = ["KEPT", "LABELS", "Label", "LabelledLine", "Page", "Stripped", "strip", "strip_many"]
