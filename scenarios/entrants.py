"""Who may come into a deployment beside its operators: out of a file or the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from core.deployment import Deployment
from core.environment import BadEnvironment, own_file, parsed_access, said
from core.governance.access import read_access
from core.governance.accounts import BadAccount
from simulators.serve import ServeError


def admitting(
    deployment: Deployment, file: Path | None, environment: Mapping[str, str], issuer: str
) -> Deployment:
    """The deployment with who may come in beside the operators: out of a file that nobody else may read, or
    TIEOUT_ACCESS(_FILE); nobody without one; its signing keys hold instead of the deployment's own. issuer:
    where people sign in, unless TIEOUT_ISSUER says otherwise. ServeError."""
    try:
        text = own_file(file, "access") if file else said("TIEOUT_ACCESS", environment)
        plain = parsed_access(text, "access") if text else {}
        found = read_access({"issuer": environment.get("TIEOUT_ISSUER", issuer), **plain})
    except BadEnvironment as error:
        # It says itself where it stands.
        raise ServeError(str(error)) from None
    except (BadAccount, TypeError, AttributeError) as error:
        raise ServeError(f"access: {error}") from None
    return replace(
        deployment,
        accounts=found.accounts,
        people=found.people,
        clients=found.clients,
        issuer=found.issuer,
        signing=found.signing or deployment.signing,
    )
