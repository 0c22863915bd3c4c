//! The record of how a decision came about.

use std::borrow::Cow;

/// One step of a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Stable code.
    pub code: &'static str,
    /// The step for people, in English; never text of the customer.
    pub text: Cow<'static, str>,
    /// The value that was compared or found.
    pub value: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
}

/// Steps in order.
#[derive(Default)]
pub struct Steps(Vec<Step>);

impl Steps {
    /// Adds a step.
    pub fn note(&mut self, code: &'static str, text: impl Into<Cow<'static, str>>) {
        self.0.push(Step { code, text: text.into(), value: None, threshold: None });
    }

    /// Adds a step that found a value, and what it was compared with.
    pub fn compare(
        &mut self,
        code: &'static str,
        text: impl Into<Cow<'static, str>>,
        value: f64,
        threshold: Option<f64>,
    ) {
        self.0.push(Step { code, text: text.into(), value: Some(value), threshold });
    }

    /// The steps.
    pub fn into_list(self) -> Vec<Step> {
        self.0
    }
}
