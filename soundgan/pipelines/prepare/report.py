"""``report.json``: every file's verdict and what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from soundgan.audio.find import Listing, display
from soundgan.data.manifest import Manifest, json_lines
from soundgan.data.split import Split
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.ledger import Entry, count_verdicts
from soundgan.ingest.losses import list_losses
from soundgan.ingest.record import FileRecord
from soundgan.ingest.store import REPORT_KIND, REPORT_SCHEMA
from soundgan.ingest.survey import WIDE_DB
from soundgan.pipelines.prepare.advice import advise, judge_ceiling

if TYPE_CHECKING:
    from soundgan.pipelines.prepare.ceiling import Ceiling

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def make_report(
    entries: Sequence[Entry],
    manifest: Manifest | None,
    recipe: ClipRecipe,
    parameters: dict[str, Any],
    listing: Listing,
    ceiling: Ceiling | None,
) -> dict[str, Any]:
    """The whole document; without a manifest when no file was usable."""
    summary = _summary(entries, manifest, recipe) | _not_looked_at(listing)
    classes = summary["classes"]
    per_class = {name: numbers["train"] for name, numbers in classes.items()}
    return {
        "schema": REPORT_SCHEMA,
        "kind": REPORT_KIND,
        "fingerprint": recipe.fingerprint,
        "parameters": parameters,
        "verdicts": count_verdicts(entries),
        "summary": summary,
        "enough": asdict(
            advise(
                summary["train_clips"],
                per_class,
                summary["upsampled_files"],
                validation=summary["validation_clips"],
                test=summary["test_clips"] if parameters["test"] else None,
            )
        ),
        "losses": [asdict(loss) for loss in list_losses(entries, recipe)],
        "ceiling": None if ceiling is None else _ceiling(ceiling),
        "files": [entry.document() for entry in entries],
    }


def encode_report(document: dict[str, Any]) -> bytes:
    """The document as it stands on disk: one line for each file."""
    return json_lines(document)


def _summary(
    entries: Sequence[Entry], manifest: Manifest | None, recipe: ClipRecipe
) -> dict[str, Any]:
    splits = Counter(clip.split for clip in manifest.clips) if manifest else Counter[str]()
    decoded = [entry.record for entry in entries if entry.record.source_rate is not None]
    used = [entry.record for entry in entries if entry.clips]
    return {
        "files": len(entries),
        "lost_files": sum(entry.lost for entry in entries),
        "clips": splits.total(),
        "train_clips": splits["train"],
        "validation_clips": splits["validation"],
        "test_clips": splits["test"],
        "held_out_clips": splits["validation"] + splits["test"],
        "unlabelled_clips": splits["unlabelled"],
        "gap_clips": splits["gap"],
        "classes": _classes(manifest),
        "sound_seconds": round(sum(record.sound_seconds or 0.0 for record in used), 2),
        "source_rates": _histogram(str(record.source_rate) for record in decoded),
        "formats": _histogram(str(record.format) for record in decoded),
        "clip_channels": recipe.channels,
        "stereo": _stereo(used),
        "channels": _histogram(str(record.channels) for record in decoded),
        "upsampled_files": sum((r.source_rate or 0) < recipe.sample_rate for r in used),
        "duplicates_across_labels": _across_labels(entries),
    }


def _stereo(used: Sequence[FileRecord]) -> dict[str, Any] | None:
    """How many sounds are stereo and how wide, in the middle; ``None`` where clips are mono."""
    sides = [record.side_db for record in used if record.side_db is not None]
    if not sides:
        return None
    wide = [side for side in sides if side >= WIDE_DB]
    return {
        "files": len(wide),
        "of": len(used),
        "median_side_db": round(median(wide), 1) if wide else None,
    }


def _not_looked_at(listing: Listing) -> dict[str, Any]:
    return {
        "unreadable_folders": [display(folder) for folder in listing.unreadable],
        "passed_over": [
            {"path": display(item.path), "reason": item.reason, "lost": item.lost}
            for item in listing.not_looked_at
        ],
    }


def _across_labels(entries: Sequence[Entry]) -> int:
    label_of = {entry.path: entry.label for entry in entries}
    return sum(
        entry.duplicate_of is not None and label_of[entry.duplicate_of] != entry.label
        for entry in entries
    )


def _classes(manifest: Manifest | None) -> dict[str, dict[str, int]]:
    if manifest is None:
        return {}
    counts = Counter((clip.label, clip.split) for clip in manifest.clips)
    found = {}
    for number, name in enumerate(manifest.labels):
        train, validation, test = (counts[number, split] for split in SPLITS)
        found[name] = {
            "train": train,
            "validation": validation,
            "test": test,
            "held_out": validation + test,
        }
    return found


def _histogram(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _ceiling(ceiling: Ceiling) -> dict[str, Any]:
    shown = {example.measured.index for example in ceiling.examples}
    worst = ceiling.worst_class
    return {
        "preset": ceiling.preset,
        "representation": ceiling.representation,
        "inversion": ceiling.inversion,
        "image": list(ceiling.image),
        "median_db": ceiling.median_db,
        "quartiles_db": [ceiling.spread.closer_db, ceiling.spread.further_db],
        "attacks_kept": ceiling.spread.attacks_kept,
        "n_clips": ceiling.spread.clips,
        "worst_class": worst and dict(zip(("label", "median_db", "n_clips"), worst, strict=True)),
        "other_presets": [
            {
                "preset": other.preset,
                "image": list(other.image),
                "median_db": other.spread.median_db,
                "attacks_kept": other.spread.attacks_kept,
                "n_clips": other.spread.clips,
            }
            for other in ceiling.others
        ],
        "answer": judge_ceiling(ceiling.median_db),
        "clips": [
            {
                "index": one.index,
                "path": one.clip.path,
                "label": one.label,
                "spectral_convergence_db": one.convergence_db,
                "to_listen": one.index in shown,
            }
            for one in ceiling.clips
        ],
    }
