"""The report's pictures, drawn as SVG: the same figures give the same bytes."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from model import LABELS

Report = dict[str, Any]

_INK, _FAINT, _OURS, _PEERS = "#1f2933", "#cbd2d9", "#c2410c", "#486581"
# One colour a label, told apart by those who don't see all colours by the legend's order and the dashes.
_COLOURS = (
    "#7b2d8e", "#1f2933", "#0e7490", "#1d4ed8", "#15803d", "#9aa5b1", "#b91c1c", "#b7791f", "#60a5fa", "#db2777",
)  # fmt: skip
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # letters stay letters: smaller, searchable, in the reader's own font
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#eef1f4",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "legend.frameon": False,
}
# Percent that is written into a square of the confusion matrix, and from which it is written in white.
_SHOWN, _DARK = 0.5, 50
# Milliseconds a page that a tool takes at least; half the size of a point, the width of a letter and the
# height of a line, in points; how far above or below its point a name may be written.
_CHEAPEST, _DOT, _LETTER, _LINE = 0.02, 4.0, 5.2, 12.0
_FURTHER = range(18, 90, 6)
_VIEWS = {"text": "bare text", "html": "HTML"}


def pictures(report: Report | None, benchmark: Report | None) -> dict[str, str]:
    """All pictures of an evaluation and of a benchmark, either of which may be missing, as SVG by name."""
    found = {}
    if benchmark:
        found["scatter"] = scatter(benchmark)
    if report and report["labels"]:
        found |= {"confusion": confusion(report), "reliability": reliability(report), "curves": curves(report)}
    return found


def confusion(report: Report) -> str:
    """How lines of each label (row) were answered, in percent of the row."""

    def draw(axes: Axes, found: Report) -> None:
        counts = np.array(found["confusion"], np.float64)
        shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=10)
        axes.grid(visible=False)
        axes.set_xticks(range(len(LABELS)), [str(label) for label in LABELS], rotation=45, ha="right")
        axes.set_yticks(range(len(LABELS)), [str(label) for label in LABELS])
        axes.set_xlabel("answered")
        for (row, column), value in np.ndenumerate(shares):
            if value >= _SHOWN:
                colour = "white" if value > _DARK else _INK
                axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour, fontsize=9)

    return _side_by_side(report["labels"], draw, "confusion", "lines of", 4.6)


def reliability(report: Report) -> str:
    """Of lines answered with a score, how many are right; the size of a point grows with its lines."""

    def draw(axes: Axes, found: Report) -> None:
        bins = found["reliability"]
        axes.plot([0, 1], [0, 1], color=_FAINT, linestyle="--", linewidth=1)
        scores, right = [bin_["score"] for bin_ in bins], [bin_["right"] for bin_ in bins]
        size = 12 + 260 * np.sqrt([bin_["lines"] / max(found["lines"], 1) for bin_ in bins])
        axes.plot(scores, right, color=_OURS, linewidth=1.2)
        axes.scatter(scores, right, s=size, color=_OURS, alpha=0.75, linewidths=0)
        axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="score", aspect="equal")
        axes.text(0.97, 0.05, f"error {found['calibration_error']:.3f}", ha="right", transform=axes.transAxes)

    return _side_by_side(report["labels"], draw, "reliability", "share that is right", 4.0)


def curves(report: Report) -> str:
    """Precision against recall of each label."""

    def draw(axes: Axes, found: Report) -> None:
        for label, colour in zip(LABELS, _COLOURS, strict=True):
            curve = found["curves"].get(str(label))
            if curve:
                dashes = "--" if label.column % 2 else "-"
                name = f"{label} {curve['average']:.2f}"
                axes.plot(curve["recall"], curve["precision"], dashes, color=colour, linewidth=1.4, label=name)
        axes.set(xlim=(0, 1.01), ylim=(0, 1.03), xlabel="recall")
        axes.legend(loc="lower left", fontsize=8.5, title="average precision", title_fontsize=8.5)

    return _side_by_side(report["labels"], draw, "curves", "precision", 4.6)


def scatter(benchmark: Report) -> str:
    """Accuracy against milliseconds of CPU time, this and the peers."""

    def draw(axes: Axes, tools: Report) -> None:
        # To give back everything costs nothing: it would stretch the axis for nothing.
        shown = {name: tool for name, tool in tools.items() if tool["ms"] >= _CHEAPEST}
        points = [(tool["ms"], tool["all"]["word_f1"]) for tool in shown.values()]
        axes.set_xscale("log")
        axes.scatter([x for x, _ in points], [y for _, y in points], s=0)
        axes.margins(x=0.25, y=0.2)
        axes.autoscale_view()
        axes.set_ylim(top=min(1.02, axes.get_ylim()[1]))
        places = [(float(x), float(y)) for x, y in axes.transData.transform(points)]
        for name, point, way in zip(shown, points, _beside(list(shown), places), strict=True):
            colour, weight = (_OURS, "bold") if name == "pagesieve" else (_PEERS, "normal")
            axes.scatter(
                *point, s=70 if name == "pagesieve" else 36, color=colour, zorder=5 if name == "pagesieve" else 3
            )
            line = {"arrowstyle": "-", "color": _FAINT, "shrinkA": 0, "shrinkB": 3}
            axes.annotate(
                name, point, way, textcoords="offset points", ha="center", va="center", fontsize=9,
                color=colour, weight=weight, arrowprops=line, zorder=4,
            )  # fmt: skip
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.set_xlabel("ms CPU a page (log)")

    parts = {view: benchmark[view] for view in ("html", "text") if benchmark.get(view)}
    return _side_by_side(parts, draw, "scatter", "word F1", 4.2)


def _beside(names: Sequence[str], places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where from its point each name's middle is so that none covers another name or a point, as far as may be.

    `places` are those of the points, in points of 1/72 inch like the answer; nearest free places are taken.
    """
    taken = [(x, y, _DOT, _DOT) for x, y in places]
    found: list[tuple[float, float]] = []
    for name, (x, y) in zip(names, places, strict=True):
        width = _LETTER * len(name) / 2
        side = width + 2 * _DOT
        steps = [
            (0.0, _LINE),
            (0.0, -_LINE),
            (side, 0.0),
            (-side, 0.0),
            *((0.0, float(sign * far)) for far in _FURTHER for sign in (1, -1)),
        ]
        boxes = [(x + dx, y + dy, width, _LINE / 2) for dx, dy in steps]
        free = [
            not any(abs(b[0] - t[0]) < b[2] + t[2] and abs(b[1] - t[1]) < b[3] + t[3] for t in taken) for b in boxes
        ]
        chosen = free.index(True) if any(free) else 0
        taken.append(boxes[chosen])
        found.append(steps[chosen])
    return found


def _side_by_side(
    parts: dict[str, Report], draw: Callable[[Axes, Report], None], name: str, label: str, height: float
) -> str:
    """A picture with one pair of axes for each part, the label beside the first."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(5.0 * len(parts), height), layout="constrained", dpi=72)
        FigureCanvasSVG(figure)
        every: Sequence[Axes] = figure.subplots(1, len(parts), squeeze=False)[0]
        for axes, (part, found) in zip(every, parts.items(), strict=True):
            draw(axes, found)
            axes.set_title(f"from {_VIEWS[part]}")
        every[0].set_ylabel(label)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    # The prologue is for files; within a page an svg element stands alone.
    svg = file.getvalue()
    return svg[svg.index("<svg") :]
