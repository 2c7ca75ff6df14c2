"""Paths: what `entity/project/run` and its relatives mean.

A path is text (or the web address that a browser shows), and is read into a typed value:

| read by               | forms                                                                        |
| --------------------- | ---------------------------------------------------------------------------- |
| `parse_project_path`  | `entity/project`, `project`                                                  |
| `parse_run_path`      | `entity/project/run`, `entity/project:run`, `project/run`, `project:run`,    |
|                       | `run`, `:run`, and with `runs/` before the run                               |
| `parse_sweep_path`    | the same with a sweep, and with `sweeps/` before it                          |
| `parse_report_path`   | `entity/project/reports/title--id`, `project/reports/title--id`              |
| `parse_artifact_path` | `entity/project/name:alias`, `project/name:alias`, `name:alias`; no `:alias` |
|                       | leaves it open                                                               |

All of them read web addresses too, those of a page inside a run or project included, and a list of parts in the place
of text. Slashes and blanks around a path do no harm. A part that is not in the text comes from the defaults; what the
text says is never overridden. Without any entity the result has None there: the server knows the key's own.

Where a form says two things, the path is refused rather than guessed. Nothing is sent here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeGuard, TypeVar
from urllib.parse import quote, unquote, urlsplit

from wandql.errors import InvalidPathError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AnyPath",
    "ArtifactPath",
    "ProjectPath",
    "ReportPath",
    "RunPath",
    "SweepPath",
    "parse_artifact_path",
    "parse_path",
    "parse_project_path",
    "parse_report_path",
    "parse_run_path",
    "parse_sweep_path",
]

# What follows a project in a web address, and what the next part then names.
_WORDS: Final = {"runs": "run", "sweeps": "sweep", "reports": "report", "artifacts": "artifact"}
_MEMBER_WORDS: Final = {"runs", "sweeps"}

# Pages of the web app, as far as they are read without `https://` in front, where they could be mistyped paths.
_PROJECT_PAGES: Final = {
    *("artifacts", "automations", "groups", "jobs", "launch", "overview", "reportlist", "reports", "runs", "settings"),
    *("sweeps", "table", "weave", "workspace"),
}
_MEMBER_PAGES: Final = {
    *("artifacts", "charts", "code", "controls", "files", "graph", "history", "logs", "model", "overview", "panels"),
    *("system", "table", "workspace"),
}

# Web apps whose pages do not begin at the root of their host.
_WEB_ROOTS: Final = ("forge.coreweave.com/wandb",)

_HOST: Final = re.compile(r"localhost|[^:]+:\d+|[^:]+\.[^.:]+")
_FORBIDDEN: Final = re.compile(r"[/:?#\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FORBIDDEN_IN_PROJECTS: Final = re.compile(r"[%\\]")

_FORMS: Final = {
    "project": "'entity/project', 'project'",
    "run": "'entity/project/run', 'entity/project/runs/run', 'entity/project:run', 'project/run', 'project:run', "
    "'run' (in the default project)",
    "sweep": "'entity/project/sweep', 'entity/project/sweeps/sweep', 'entity/project:sweep', 'project/sweep', "
    "'project:sweep', 'sweep' (in the default project)",
    "report": "'entity/project/reports/title--id', 'project/reports/title--id'",
    "artifact": "'entity/project/name:alias', 'project/name:alias', 'name:alias' (in the default project), "
    "all of them without ':alias' too",
}


@dataclass(frozen=True, slots=True)
class ProjectPath:
    """The path of a project.

    Attributes:
        entity: The user or team, or None for the key's own.
        project: The name of the project.

    Raises:
        InvalidPathError: A part is empty or holds a character that no name has.

    Example:
        >>> str(ProjectPath("my-team", "my-project"))
        'my-team/my-project'
    """

    entity: str | None
    project: str

    def __post_init__(self) -> None:
        _check("project", str(self), entity=self.entity, project=self.project)

    def __str__(self) -> str:
        return _joined(self.entity, self.project)

    def url(self, app_url: str) -> str:
        """Return the web address of the project's workspace. No request is sent.

        Args:
            app_url: The address of the web app, such as `settings.app_url`.

        Raises:
            InvalidPathError: The entity is None, which no web address can express.

        Example:
            >>> ProjectPath("my-team", "my project").url("https://wandb.ai")
            'https://wandb.ai/my-team/my%20project/workspace'
        """
        return _address("project", self, app_url, "workspace")


@dataclass(frozen=True, slots=True)
class RunPath:
    """The path of a run.

    Attributes:
        entity: The user or team, or None for the key's own.
        project: The name of the project.
        run: The run's id, such as `1a2b3c4d`; not its display name.

    Raises:
        InvalidPathError: A part is empty or holds a character that no name has.

    Example:
        >>> str(RunPath("my-team", "my-project", "1a2b3c4d"))
        'my-team/my-project/1a2b3c4d'
    """

    entity: str | None
    project: str
    run: str

    def __post_init__(self) -> None:
        _check("run", str(self), entity=self.entity, project=self.project, run=self.run)

    def __str__(self) -> str:
        return _joined_member("runs", self.entity, self.project, self.run)

    def url(self, app_url: str) -> str:
        """Return the web address of the run. No request is sent.

        Args:
            app_url: The address of the web app, such as `settings.app_url`.

        Raises:
            InvalidPathError: The entity is None, which no web address can express.

        Example:
            >>> RunPath("my-team", "my-project", "1a2b3c4d").url("https://wandb.ai")
            'https://wandb.ai/my-team/my-project/runs/1a2b3c4d'
        """
        return _address("run", self, app_url, "runs", self.run)


@dataclass(frozen=True, slots=True)
class SweepPath:
    """The path of a sweep.

    Attributes:
        entity: The user or team, or None for the key's own.
        project: The name of the project.
        sweep: The sweep's id, such as `9z8y7x6w`; not its display name.

    Raises:
        InvalidPathError: A part is empty or holds a character that no name has.

    Example:
        >>> str(SweepPath("my-team", "my-project", "9z8y7x6w"))
        'my-team/my-project/9z8y7x6w'
    """

    entity: str | None
    project: str
    sweep: str

    def __post_init__(self) -> None:
        _check("sweep", str(self), entity=self.entity, project=self.project, sweep=self.sweep)

    def __str__(self) -> str:
        return _joined_member("sweeps", self.entity, self.project, self.sweep)

    def url(self, app_url: str) -> str:
        """Return the web address of the sweep. No request is sent.

        Args:
            app_url: The address of the web app, such as `settings.app_url`.

        Raises:
            InvalidPathError: The entity is None, which no web address can express.

        Example:
            >>> SweepPath("my-team", "my-project", "9z8y7x6w").url("https://wandb.ai")
            'https://wandb.ai/my-team/my-project/sweeps/9z8y7x6w'
        """
        return _address("sweep", self, app_url, "sweeps", self.sweep)


@dataclass(frozen=True, slots=True)
class ReportPath:
    """The path of a report.

    Attributes:
        entity: The user or team, or None for the key's own.
        project: The name of the project.
        report: The report's id as it stands in web addresses: without `=` at the end, without the title.

    Raises:
        InvalidPathError: A part is empty or holds a character that no name has.

    Example:
        >>> str(ReportPath("my-team", "my-project", "VmlldzoxMjM"))
        'my-team/my-project/reports/VmlldzoxMjM'
    """

    entity: str | None
    project: str
    report: str

    def __post_init__(self) -> None:
        _check("report", str(self), entity=self.entity, project=self.project, report=self.report)
        if "--" in f"-{self.report}" or "=" in self.report:
            raise InvalidPathError(
                f"{self.report!r} is not the id of a report: it holds '--' or '=', or begins with '-'."
            )

    def __str__(self) -> str:
        return _joined(self.entity, self.project, "reports", self.report)

    def url(self, app_url: str) -> str:
        """Return the web address of the report. No request is sent.

        Args:
            app_url: The address of the web app, such as `settings.app_url`.

        Raises:
            InvalidPathError: The entity is None, which no web address can express.

        Example:
            >>> ReportPath("my-team", "my-project", "VmlldzoxMjM").url("https://wandb.ai")
            'https://wandb.ai/my-team/my-project/reports/--VmlldzoxMjM'
        """
        return _address("report", self, app_url, "reports", f"--{self.report}")


@dataclass(frozen=True, slots=True)
class ArtifactPath:
    """The path of an artifact, or of a collection of artifacts.

    Attributes:
        entity: The user or team, or None for the key's own.
        project: The name of the project.
        name: The name of the collection (or the digest of a version).
        alias: An alias such as `best`, a version such as `v3`, or None where the path leaves it open.

    Raises:
        InvalidPathError: A part is empty or holds a character that no name has.

    Example:
        >>> str(ArtifactPath("my-team", "my-project", "mnist", "v3"))
        'my-team/my-project/mnist:v3'
    """

    entity: str | None
    project: str
    name: str
    alias: str | None = None

    def __post_init__(self) -> None:
        _check("artifact", str(self), entity=self.entity, project=self.project, name=self.name, alias=self.alias)

    def __str__(self) -> str:
        return _joined(self.entity, self.project, self.name if self.alias is None else f"{self.name}:{self.alias}")

    def url(self, app_url: str, type_name: str) -> str:
        """Return the web address of the artifact. No request is sent.

        Args:
            app_url: The address of the web app, such as `settings.app_url`.
            type_name: The type of the artifact, which the address holds and the path does not.

        Raises:
            InvalidPathError: The entity is None, which no web address can express, or the type is empty.

        Example:
            >>> ArtifactPath("my-team", "my-project", "mnist", "v3").url("https://wandb.ai", "dataset")
            'https://wandb.ai/my-team/my-project/artifacts/dataset/mnist/v3'
        """
        last = () if self.alias is None else (self.alias,)
        _check("artifact", str(self), type=type_name)
        return _address("artifact", self, app_url, "artifacts", type_name, self.name, *last)


AnyPath: TypeAlias = ProjectPath | RunPath | SweepPath | ReportPath | ArtifactPath
P = TypeVar("P", bound=AnyPath)


def parse_project_path(
    given: str | Sequence[str] | ProjectPath | None,
    *,
    entity: str | None = None,
    project: str | None = None,
    app_url: str | None = None,
) -> ProjectPath:
    """Read the path of a project. No request is sent.

    The address of a run, sweep, report or artifact is refused: it names more than a project.

    Args:
        given: The path: text, a web address, the parts as a list, or a path already read. None and "" mean the default
            project.
        entity: The default entity, used where the path names none.
        project: The default project, used where the path names none.
        app_url: The address of the web app. It matters only where its pages do not begin at the root of its host.

    Returns:
        The path; its entity is None where neither the path nor the defaults name one.

    Raises:
        InvalidPathError: The path has another form, or there is no project. The message quotes it, and the hint names
            the forms.

    Example:
        >>> parse_project_path("my-project", entity="me")
        ProjectPath(entity='me', project='my-project')
        >>> parse_project_path("https://wandb.ai/me/my-project/workspace?nw=x")
        ProjectPath(entity='me', project='my-project')
    """
    if isinstance(given, ProjectPath):
        return _with_entity(given, entity)
    source = _cut("project", given, app_url)
    e: str | None
    match source.parts:
        case []:
            e, p = None, _default(source, "project", project)
        case [_, _, "runs" | "sweeps" | "reports" as word, _, *_] | [_, _, "artifacts" as word, _, _, *_]:
            raise _wrong_kind(source, word)
        case [e, p, page, *_] if source.is_url or page in _PROJECT_PAGES:
            pass
        case [_] | [_, "projects"] if source.is_url:
            raise _refusal(source, "it is the address of an entity")
        case [e, p]:
            pass
        case [p] if not source.is_open:
            e = None
        case [_]:
            raise _refusal(source, "there is no project after '/'")
        case _:
            raise _refusal(source, "it has too many parts", *_guesses(source, "workspace"))
    e = e or entity or None
    _check(source.noun, source.text, entity=e, project=p)
    return ProjectPath(e, p)


def parse_run_path(
    given: str | Sequence[str] | RunPath | None,
    *,
    entity: str | None = None,
    project: str | None = None,
    run: str | None = None,
    app_url: str | None = None,
) -> RunPath:
    """Read the path of a run. No request is sent.

    Args:
        given: The path: text, a web address, the parts as a list, or a path already read. None and "" mean the
            default run.
        entity: The default entity, used where the path names none.
        project: The default project, used where the path names none.
        run: The default run, used where the path is empty.
        app_url: The address of the web app. It matters only where its pages do not begin at the root of its host.

    Returns:
        The path; its entity is None where neither the path nor the defaults name one.

    Raises:
        InvalidPathError: The path has another form or says two things, or there is no project or run. The message
            quotes it, and the hint names the forms.

    Example:
        >>> parse_run_path("my-project/1a2b3c4d", entity="me")
        RunPath(entity='me', project='my-project', run='1a2b3c4d')
        >>> parse_run_path("https://wandb.ai/me/my-project/runs/1a2b3c4d/overview")
        RunPath(entity='me', project='my-project', run='1a2b3c4d')
    """
    if isinstance(given, RunPath):
        return _with_entity(given, entity)
    source = _cut("run", given, app_url)
    e, p, r = _parse_member(source, "runs", entity, project, run)
    return RunPath(e, p, r)


def parse_sweep_path(
    given: str | Sequence[str] | SweepPath | None,
    *,
    entity: str | None = None,
    project: str | None = None,
    app_url: str | None = None,
) -> SweepPath:
    """Read the path of a sweep. No request is sent.

    Args:
        given: The path: text, a web address, the parts as a list, or a path already read.
        entity: The default entity, used where the path names none.
        project: The default project, used where the path names none.
        app_url: The address of the web app. It matters only where its pages do not begin at the root of its host.

    Returns:
        The path; its entity is None where neither the path nor the defaults name one.

    Raises:
        InvalidPathError: The path has another form or says two things, or there is no project or sweep. The message
            quotes it, and the hint names the forms.

    Example:
        >>> parse_sweep_path("my-project/sweeps/9z8y7x6w", entity="me")
        SweepPath(entity='me', project='my-project', sweep='9z8y7x6w')
    """
    if isinstance(given, SweepPath):
        return _with_entity(given, entity)
    source = _cut("sweep", given, app_url)
    e, p, s = _parse_member(source, "sweeps", entity, project, None)
    return SweepPath(e, p, s)


def parse_report_path(
    given: str | Sequence[str] | ReportPath | None,
    *,
    entity: str | None = None,
    project: str | None = None,
    app_url: str | None = None,
) -> ReportPath:
    """Read the path of one report; the list of reports has the path of the project. No request is sent.

    Args:
        given: The path: text, a web address, the parts as a list, or a path already read.
        entity: The default entity, used where the path names none.
        project: The default project, used where the path names none.
        app_url: The address of the web app. It matters only where its pages do not begin at the root of its host.

    Returns:
        The path; its entity is None where neither the path nor the defaults name one.

    Raises:
        InvalidPathError: The path has another form, or there is no project or report. The message quotes it, and the
            hint names the forms.

    Example:
        >>> parse_report_path("me/my-project/reports/My-title--VmlldzoxMjM=")
        ReportPath(entity='me', project='my-project', report='VmlldzoxMjM')
    """
    if isinstance(given, ReportPath):
        return _with_entity(given, entity)
    source = _cut("report", given, app_url)
    e: str | None
    match source.parts:
        case [e, p, "reports", name, *_]:
            pass
        case ["reports", name] if source.is_rooted and not source.is_url:
            e, p = None, _default(source, "project", project)
        case [p, "reports", name] if not source.is_url:
            e = None
        case [_, _, word, _, *_] if word in _WORDS:
            raise _wrong_kind(source, word)
        case _:
            raise _refusal(source, "it names no report")
    report = name.rpartition("--")[2].rstrip("=")
    e = e or entity or None
    _check(source.noun, source.text, entity=e, project=p, report=report)
    return ReportPath(e, p, report)


def parse_artifact_path(
    given: str | Sequence[str] | ArtifactPath | None,
    *,
    entity: str | None = None,
    project: str | None = None,
    app_url: str | None = None,
) -> ArtifactPath:
    """Read the path of an artifact, or of a collection where it has no alias. No request is sent.

    Args:
        given: The path: text, a web address, the parts as a list, or a path already read.
        entity: The default entity, used where the path names none.
        project: The default project, used where the path names none.
        app_url: The address of the web app. It matters only where its pages do not begin at the root of its host.

    Returns:
        The path; its entity is None where neither the path nor the defaults name one, and its alias where the
        path has none.

    Raises:
        InvalidPathError: The path has another form, or there is no project or name. The message quotes it, and the hint
            names the forms.

    Example:
        >>> parse_artifact_path("my-project/mnist:latest", entity="me")
        ArtifactPath(entity='me', project='my-project', name='mnist', alias='latest')
        >>> parse_artifact_path("https://wandb.ai/me/my-project/artifacts/dataset/mnist/v3/files")
        ArtifactPath(entity='me', project='my-project', name='mnist', alias='v3')
    """
    if isinstance(given, ArtifactPath):
        return _with_entity(given, entity)
    source = _cut("artifact", given, app_url)
    e: str | None
    alias: str | None
    match source.parts:
        case []:
            raise _refusal(source, "it is empty")
        case [e, p, "artifacts", _, name, alias, *_]:
            pass
        case [e, p, "artifacts", _, name]:
            alias = None
        case [_, _, "artifacts", _]:
            raise _refusal(source, "it names a type of artifacts")
        case [_, _, word, _, *_] if word in _WORDS:
            raise _wrong_kind(source, word)
        case _ if source.is_url:
            raise _refusal(source, "it is not the address of an artifact")
        case [*owner, last] if len(owner) <= 2:
            e = owner[0] if len(owner) == 2 else None
            p = owner[-1] if owner else _default(source, "project", project)
            name, colon, text = last.partition(":")
            alias = text if colon else None
        case _:
            raise _refusal(source, "it has too many parts", *_guesses(source, "artifacts"))
    e = e or entity or None
    _check(source.noun, source.text, entity=e, project=p, name=name, alias=alias)
    return ArtifactPath(e, p, name, alias)


def parse_path(
    given: str | Sequence[str] | AnyPath,
    *,
    entity: str | None = None,
    project: str | None = None,
    app_url: str | None = None,
) -> AnyPath:
    """Read a path of any kind: the words in it and the number of its parts tell which. No request is sent.

    One part, or two, name a project, and three a run, unless `:` or a word such as `sweeps/` says otherwise.

    Args:
        given: The path: text, a web address, the parts as a list, or a path already read.
        entity: The default entity, used where the path names none.
        project: The default project, used where the path names none.
        app_url: The address of the web app. It matters only where its pages do not begin at the root of its host.

    Returns:
        The path, of the kind that it names.

    Raises:
        InvalidPathError: The path has no form of any kind.

    Example:
        >>> parse_path("me/my-project")
        ProjectPath(entity='me', project='my-project')
        >>> parse_path("me/my-project/mnist:v3")
        ArtifactPath(entity='me', project='my-project', name='mnist', alias='v3')
    """
    if isinstance(given, (ProjectPath, RunPath, SweepPath, ReportPath, ArtifactPath)):
        return _with_entity(given, entity)
    match _kind(_cut("project", given, app_url)):
        case "run":
            return parse_run_path(given, entity=entity, project=project, app_url=app_url)
        case "sweep":
            return parse_sweep_path(given, entity=entity, project=project, app_url=app_url)
        case "report":
            return parse_report_path(given, entity=entity, project=project, app_url=app_url)
        case "artifact":
            return parse_artifact_path(given, entity=entity, project=project, app_url=app_url)
        case _:
            return parse_project_path(given, entity=entity, project=project, app_url=app_url)


def _kind(source: _Source) -> str:
    match source.parts:
        case [_, _, "runs" | "sweeps" | "reports" as word, _, *_] | [_, _, "artifacts" as word, _, _, *_]:
            return _WORDS[word]
        case _ if source.is_url:
            return "project"
        case [_, "runs" | "sweeps" | "reports" as word, _]:
            return _WORDS[word]
        case ["runs" | "sweeps" | "reports" as word, _] if source.is_rooted:
            return _WORDS[word]
        case [_, _, last]:
            return "artifact" if ":" in last else "project" if last in _MEMBER_WORDS else "run"
        case [_, _, _, page, *_] if page in _MEMBER_PAGES:
            return "run"
        case [*_, last] if ":" in last:
            return "run"
        case _:
            return "project"


def _parse_member(
    source: _Source, word: str, entity: str | None, project: str | None, default: str | None
) -> tuple[str | None, str, str]:
    """Read the path of a run (`word` is "runs") or sweep ("sweeps")."""
    e: str | None
    match source.parts:
        case []:
            e, p, name = None, _default(source, "project", project), _default(source, source.noun, default)
        case [e, p, w, name, *page] if w == word and (source.is_url or not page or page[0] in _MEMBER_PAGES):
            pass
        case [_, _, w, _, *_] if w in _WORDS:
            raise _wrong_kind(source, w)
        case _ if source.is_url:
            raise _refusal(source, f"it is not the address of a {source.noun}", *_guesses(source, word))
        case [p, w, name, *page] if w == word and (not page or page[0] in _MEMBER_PAGES):
            e = None
        case [w, name] if w == word and source.is_rooted:
            e, p = None, _default(source, "project", project)
        case [w, name] if w == word:
            reason = f"{w!r} may be a project, or just the word before the {source.noun}"
            raise _refusal(source, reason, f"/{w}/{name}", f"{w}/{w}/{name}")
        case [w, name] if w in _MEMBER_WORDS:
            raise _refusal(source, f"{w!r} may be a project, or mean {_a(_WORDS[w])}", f"{w}/{word}/{name}")
        case [_, w, _] if w in _MEMBER_WORDS:
            raise _wrong_kind(source, w)
        case [_, w] | [_, _, w] if w in _MEMBER_WORDS:
            raise _refusal(source, f"it names a page of the project and no {source.noun}")
        case [last] if ":" in last:
            p, _, name = last.partition(":")
            e, p = None, p or _default(source, "project", project)
        case [e, last] if ":" in last:
            p, _, name = last.partition(":")
        case [e, p, last] if ":" in last:
            raise _refusal(source, "it has both three parts and a ':'", *(f"{e}/{p}/{n}" for n in last.split(":") if n))
        case [e, p, name]:
            pass
        case [e, p, name, page, *_] if page in _MEMBER_PAGES:
            pass
        case [_, _] if source.is_open:
            raise _refusal(source, f"there is no {source.noun} after the last '/'")
        case [p, name]:
            e = None
        case [name]:
            e, p = None, _default(source, "project", project)
        case _:
            raise _refusal(source, "it has too many parts", *_guesses(source, word))
    e = e or entity or None
    _check(source.noun, source.text, entity=e, project=p, **{source.noun: name})
    return e, p, name


# How text becomes parts


class _Source(NamedTuple):
    """What was given, cut into parts; `noun` is what it should name."""

    noun: str
    text: str
    parts: tuple[str, ...] = ()
    is_url: bool = False
    is_rooted: bool = False
    is_open: bool = False


def _cut(noun: str, given: object, app_url: str | None) -> _Source:
    if given is None:
        return _Source(noun, "")
    if isinstance(given, str):
        source = _cut_text(noun, given, app_url)
    elif _is_list_of_text(given):
        source = _Source(noun, "/".join(given), tuple(part.strip() for part in given))
    else:
        raise _refusal(_Source(noun, str(given)), f"{type(given).__name__} is neither text nor a list of text")
    if "" in source.parts:
        raise _refusal(source, "a part is empty")
    return source


def _is_list_of_text(given: object) -> TypeGuard[list[str] | tuple[str, ...]]:
    return _is_list(given) and all(isinstance(part, str) for part in given)


def _is_list(given: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(given, (list, tuple))


def _cut_text(noun: str, given: str, app_url: str | None) -> _Source:
    text = given.strip()
    if "://" in text:
        return _cut_url(noun, given, text, app_url)
    parts = tuple(part.strip() for part in text.strip("/").split("/")) if text.strip("/") else ()
    match parts:
        case [host, _, p, word, _, *_] if word in _WORDS and p not in _WORDS and _HOST.fullmatch(host):
            return _cut_url(noun, given, f"https://{text}", app_url)
        case _:
            return _Source(noun, given, parts, is_rooted=text.startswith("/"), is_open=text.endswith("/"))


def _cut_url(noun: str, given: str, text: str, app_url: str | None) -> _Source:
    try:
        address = urlsplit(text)
        is_web = address.scheme in {"http", "https"} and bool(address.hostname)
    except ValueError:
        raise _refusal(_Source(noun, given), "it is no web address") from None
    if not is_web:
        raise _refusal(_Source(noun, given), "it is no web address")
    place = f"{address.netloc.rpartition('@')[2].lower()}{address.path}"
    roots = [*_WEB_ROOTS, *([app_url.rstrip("/").partition("://")[2]] if app_url else [])]
    root = next((root for root in roots if f"{place}/".startswith(f"{root}/")), place.partition("/")[0])
    path = place.removeprefix(root).strip("/")
    return _Source(noun, given, tuple(unquote(part).strip() for part in path.split("/")) if path else (), is_url=True)


# What may stand in a path, and what to say where it does not


def _default(source: _Source, role: str, default: str | None) -> str:
    if default:
        return default
    if source.parts:
        guess = f"my-{role}/{source.parts[-1]}"
        raise _refusal(source, f"it names no {role}, and there is no default {role}; {guess!r} would be whole")
    raise _refusal(source, f"it is empty, and there is no default {role}")


def _check(noun: str, text: str, **parts: str | None) -> None:
    for role, part in parts.items():
        fault = None if part is None else _fault(role, part)
        if fault:
            raise _refusal(_Source(noun, text), f"the {role} {part!r} {fault}", *_repaired(text))


def _fault(role: str, part: str) -> str | None:
    if not part:
        return "is empty"
    if part in {".", ".."}:
        return "names a directory"
    if part != part.strip():
        return "has blanks around it"
    bad = _FORBIDDEN.search(part) or (_FORBIDDEN_IN_PROJECTS.search(part) if role in {"entity", "project"} else None)
    return f"holds {bad[0]!r}" if bad else None


def _repaired(text: str) -> list[str]:
    """Guess what was meant by a text that holds a query, a fragment or an encoded character."""
    if "://" in text:
        return []
    repaired = unquote(re.split(r"[?#]", text)[0])
    return [repaired] if repaired not in {"", text} else []


def _guesses(source: _Source, word: str) -> list[str]:
    """Guess what was meant by a path with too many parts."""
    parts = source.parts[1:] if _HOST.fullmatch(source.parts[0]) else source.parts
    length = 2 if source.noun == "project" else 3
    match parts:
        case [e, w, p, name, *_] if w == word:
            return [f"{e}/{p}/{word}/{name}"]
        case [*_, e, p, w, name] | [*_, e, p, w, name, _] if w == word:
            return [f"{e}/{p}/{name}"]
        case _:
            return ["/".join(parts[:length])] if len(parts) >= length else []


def _wrong_kind(source: _Source, word: str) -> InvalidPathError:
    guess = ["/".join(source.parts[:2])] if source.noun == "project" else []
    return _refusal(source, f"it names {_a(_WORDS[word])}", *guess)


def _refusal(source: _Source, reason: str, *guesses: str) -> InvalidPathError:
    meant = f"Did you mean {' or '.join(repr(guess) for guess in guesses)}? " if guesses else ""
    forms = f"The path of {_a(source.noun)} is {_FORMS[source.noun]}, or a web address."
    return InvalidPathError(f"{source.text!r} is not the path of {_a(source.noun)}: {reason}.", hint=meant + forms)


def _a(noun: str) -> str:
    return f"an {noun}" if noun == "artifact" else f"a {noun}"


def _joined(*parts: str | None) -> str:
    return "/".join(part for part in parts if part is not None)


def _joined_member(word: str, entity: str | None, project: str, name: str) -> str:
    # `project/runs/run` is a form of its own: a project or run of that name needs the word before the run.
    is_ambiguous = project in _MEMBER_WORDS or name in _MEMBER_WORDS
    return _joined(entity, project, word, name) if is_ambiguous else _joined(entity, project, name)


def _address(noun: str, path: AnyPath, app_url: str, *parts: str) -> str:
    if path.entity is None:
        raise _refusal(_Source(noun, str(path)), "a web address needs an entity")
    return "/".join([_project_address(app_url, path.entity, path.project), *(quote(part, safe="") for part in parts)])


def run_url(app_url: str, entity: str, project: str, run: str) -> str:
    """Return `RunPath(entity, project, run).url(app_url)` for a run that a server sent: lists have thousands of them.

    Example:
        >>> run_url("https://wandb.ai", "my-team", "my-project", "1a2b3c4d")
        'https://wandb.ai/my-team/my-project/runs/1a2b3c4d'
    """
    return f"{_project_address(app_url, entity, project)}/runs/{quote(run, safe='')}"


# One for all the runs, sweeps or artifacts of a page.
@lru_cache(maxsize=64)
def _project_address(app_url: str, entity: str, project: str) -> str:
    return "/".join([app_url.rstrip("/"), quote(entity, safe=""), quote(project, safe="")])


def _with_entity(path: P, entity: str | None) -> P:
    return replace(path, entity=entity) if path.entity is None and entity else path
