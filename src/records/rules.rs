//! What a tenant decided by, in a form that can be kept.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{Error, Result, desk::Tenant, draft::Templates, policy::Playbook};

/// The texts that a tenant's rules were made from. Kept once for all decisions of their version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleSources {
    /// The policy file.
    pub policy: String,
    /// Templates by their path, for example "en/answer".
    pub templates: BTreeMap<String, String>,
}

impl RuleSources {
    /// The texts of a tenant's rules.
    pub fn of(tenant: &Tenant) -> Self {
        Self { policy: tenant.playbook.source().to_owned(), templates: tenant.templates.sources().clone() }
    }

    /// The tenant as it was with these texts.
    ///
    /// # Errors
    /// [`Error::Precondition`] when this program does not understand them any more.
    pub fn tenant(&self, name: &str) -> Result<Tenant> {
        let playbook = Playbook::compile(&self.policy).map_err(|mistakes| {
            let first = mistakes.first().map(ToString::to_string).unwrap_or_default();
            outdated(name, &format!("the policy file of then: {first}"))
        })?;
        let templates = Templates::from_sources(self.templates.clone())
            .map_err(|error| outdated(name, &format!("the templates of then: {error}")))?;
        Ok(Tenant { name: name.to_owned(), playbook: Arc::new(playbook), templates: Arc::new(templates) })
    }
}

/// The error for rules that an older program took.
fn outdated(tenant: &str, what: &str) -> Error {
    let reason = format!("this version does not read {what}; use the rules of now");
    Error::Precondition { resource: format!("rules of {tenant}"), reason }
}
