"""How the evaluation page looks besides what all pages share."""

from __future__ import annotations

from soundgan.pipelines.page.style import STYLE as SHARED

STYLE = (
    SHARED
    + """
.scales { display: grid; gap: 26px 40px;
  grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); }
.scale { display: grid; gap: 6px 12px; align-items: center;
  grid-template-columns: max-content minmax(90px, 1fr) max-content;
  font-variant-numeric: tabular-nums; }
.scale .track { position: relative; height: 14px; background: var(--ground); border-radius: 4px; }
.scale i { position: absolute; top: 0; bottom: 0; border-radius: 4px; min-width: 2px; }
.scale i.span { top: 4px; bottom: 4px; opacity: .45; }
.scale i.point { width: 4px; margin-left: -2px; top: -1px; bottom: -1px; border-radius: 2px; }
.scale .value { text-align: right; } .scale .ours { font-weight: 600; }
i.good { background: var(--good); } i.plain { background: var(--plain); }
figure { margin: 0; } figcaption { color: var(--soft); font-size: 13px; margin: 0 0 8px; }
.numeric td, .numeric th { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; padding: 4px 0 4px 16px; }
.numeric td:first-child, .numeric th:first-child { text-align: left; padding-left: 0; }
.numeric tr.candidate td { font-weight: 600; } .numeric tr.share td { color: var(--soft); }
.numeric caption { text-align: left; color: var(--soft); font-size: 13px; padding: 0 0 4px; }
.numeric { margin: 0 0 18px; }
.group { border-top: 1px solid var(--line); padding: 16px 0 6px; }
.group:first-of-type { border-top: 0; padding-top: 0; }
.group h3 { font-size: 16px; margin: 0 0 8px; }
.group h3 small { font-weight: 400; color: var(--soft); font-size: 13px; margin-left: 8px; }
.sounds { display: grid; gap: 12px; grid-template-columns: repeat(6, minmax(0, 1fr)); }
.pair { grid-column: span 2; display: grid; gap: 8px;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  background: var(--ground); border-radius: 10px; padding: 8px; }
.clip { padding: 8px 0; } .pair .clip { padding: 0; }
.pair .far { grid-column: span 2; margin: 0; font-size: 12px; color: var(--soft); }
.pair .far.near { color: var(--mark); font-weight: 600; }
.clip img { width: 100%; aspect-ratio: 4 / 3; border-radius: 6px; display: block;
  background: #000; }
.clip b { display: block; font-size: 12px; margin: 6px 0 0; }
.clip b.generated { color: var(--good); }
.clip b, .clip span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.clip span { display: block; font-size: 12px; color: var(--soft); min-height: 1.5em; }
.clip audio { height: 28px; margin: 4px 0 0; }
.tables { overflow-x: auto; }
.words { columns: 2; column-gap: 40px; margin: 0; }
.words dt { break-after: avoid; } .words dd { break-inside: avoid; }
.words dt { font-weight: 600; } .words dd { margin: 0 0 8px; color: var(--soft); }
@media (max-width: 820px) { .sounds { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
"""
)
