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
_STYLE = {
    "svg.fonttype": "none",  # letters stay letters: smaller, searchable, in the reader's own font
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#eef1f4",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "legend.frameon": False,
}
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
            if value >= 0.5:
                colour = "white" if value > 50 else _INK
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
        for name, tool in tools.items():
            ours = name == "pagesieve"
            x, y = max(tool["ms"], 0.01), tool["all"]["word_f1"]
            axes.scatter([x], [y], s=70 if ours else 36, color=_OURS if ours else _PEERS, zorder=3)
            axes.annotate(
                name, (x, y), (0, 7), textcoords="offset points", fontsize=9, ha="center",
                color=_OURS if ours else _INK, weight="bold" if ours else "normal",
            )  # fmt: skip
        axes.set_xscale("log")
        axes.margins(x=0.22, y=0.15)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.set_xlabel("ms CPU a page (log)")

    parts = {view: benchmark[view] for view in ("html", "text") if benchmark.get(view)}
    return _side_by_side(parts, draw, "scatter", "word F1", 4.2)


def _side_by_side(
    parts: dict[str, Report], draw: Callable[[Axes, Report], None], name: str, label: str, height: float
) -> str:
    """A picture with one pair of axes for each part, the label beside the first."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(5.0 * len(parts), height), layout="constrained")
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
