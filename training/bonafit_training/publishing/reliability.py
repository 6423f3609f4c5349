"""Reliability plots of the model card: plain SVG, so publishing needs no plotting library and bytes are equal."""

from __future__ import annotations

from html import escape

from bonafit_training.contracts import HeldOut
from bonafit_training.tracking.plots import reliability_points

# Side of the square, and margin around it for the axes' numbers, in pixels.
SIDE, MARGIN = 300.0, 46.0
# Half-width of a 95 % interval in standard errors.
Z95 = 1.96


def _x(share: float) -> float:
    return round(MARGIN + SIDE * share, 2)


def _y(share: float) -> float:
    return round(MARGIN + SIDE * (1 - share), 2)


def reliability_svg(held_out: HeldOut) -> str:
    """Observed shares against stated probabilities with 95 % bars; the dashed diagonal is a calibrated head.

    Points are bins of equal count, as in the tracked plot. Returns an SVG document.
    """
    mean, share, error = reliability_points(held_out)
    width = SIDE + 2 * MARGIN
    middle = width / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{width:g}"'
        f' viewBox="0 0 {width:g} {width:g}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width:g}" height="{width:g}" fill="white"/>',
        f'<text x="{middle:g}" y="20" text-anchor="middle">{escape(held_out.title)}, n = {len(held_out.y):,}</text>',
        f'<rect x="{MARGIN:g}" y="{MARGIN:g}" width="{SIDE:g}" height="{SIDE:g}" fill="none" stroke="#888"/>',
        f'<line x1="{_x(0):g}" y1="{_y(0):g}" x2="{_x(1):g}" y2="{_y(1):g}" stroke="#888" stroke-dasharray="4"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<text x="{_x(tick):g}" y="{_y(0) + 15:g}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{_x(0) - 6:g}" y="{_y(tick) + 4:g}" text-anchor="end">{tick:g}</text>')
    below, left = _y(0) + 33, 14
    parts.append(f'<text x="{middle:g}" y="{below:g}" text-anchor="middle">stated probability</text>')
    parts.append(
        f'<text x="{left}" y="{middle:g}" text-anchor="middle" transform="rotate(-90 {left} {middle:g})">'
        "observed share</text>"
    )
    points = list(zip(mean.tolist(), share.tolist(), error.tolist(), strict=True))
    line = " ".join(f"{_x(p):g},{_y(s):g}" for p, s, _ in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1f77b4"/>')
    for p, s, e in points:
        low, high = max(s - Z95 * e, 0.0), min(s + Z95 * e, 1.0)
        parts.append(f'<line x1="{_x(p):g}" y1="{_y(low):g}" x2="{_x(p):g}" y2="{_y(high):g}" stroke="#1f77b4"/>')
        parts.append(f'<circle cx="{_x(p):g}" cy="{_y(s):g}" r="3" fill="#1f77b4"/>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def plot_files(name: str, held_out: tuple[HeldOut, ...]) -> dict[str, str]:
    """File name to SVG of each held-out set of a head."""
    return {f"reliability_{name}_{i + 1}.svg": reliability_svg(curve) for i, curve in enumerate(held_out)}
