"""JavaScript modules find each other under their hashed names."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from shop.web.static_files import HashedStorage

SOURCES = Path(settings.BASE_DIR) / "static"
MODULES = sorted(f"js/{path.name}" for path in (SOURCES / "js").iterdir())
IMPORT = re.compile(r'^import \{[^}]+\} from "\./([\w.]+)";$', re.MULTILINE)
ANY_IMPORT = re.compile(r"""^import\b|\bimport\s*\(|^export\b[^;]*\bfrom\s*['"]""", re.MULTILINE)


@pytest.fixture
def storage(tmp_path: Path, settings) -> HashedStorage:
    """The modules as they are served."""
    settings.STATIC_ROOT = tmp_path
    storage = HashedStorage(location=tmp_path)
    source = FileSystemStorage(SOURCES)
    for name in MODULES:
        storage.save(name, source.open(name))
    results = list(storage.post_process({name: (source, name) for name in MODULES}))
    assert [failure for *_, failure in results if isinstance(failure, Exception)] == []
    return storage


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_others_by_the_names_that_pages_use(name: str, storage: HashedStorage) -> None:
    served = Path(storage.path(storage.stored_name(name))).read_text()
    imported = [f"js/{target}" for target in IMPORT.findall(served)]
    targets = [f"js/{target}" for target in IMPORT.findall((SOURCES / name).read_text())]

    assert imported == [storage.stored_name(target) for target in targets]
    assert all(storage.exists(target) for target in imported)
    assert storage.stored_name(name) != name


@pytest.mark.parametrize("name", MODULES)
def test_imports_have_the_form_that_the_storage_knows(name: str) -> None:
    source = (SOURCES / name).read_text()

    assert len(IMPORT.findall(source)) == len(ANY_IMPORT.findall(source))
