from __future__ import annotations

from tests.inference.conftest import stereo_path as stereo_path
