//! The templates that come with the program.

use std::collections::BTreeMap;

use super::DEFAULT;

/// Names and sources of a wording's templates.
macro_rules! embedded {
    ($wording:literal: $($name:literal)*) => {
        [$((
            concat!($wording, "/", $name),
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/tenants/default/templates/", $wording, "/", $name, ".jinja"
            )),
        )),*]
    };
}

/// All of them in a wording; each has the same ones.
macro_rules! wording {
    ($wording:literal) => {
        embedded!($wording: "layout" "emergency" "opening" "quotes" "question" "answer" "answers" "greeting" "closing"
            "clarify" "handoff" "notice" "parts/private" "macros/billing.dispute" "macros/business.inquiry"
            "macros/contact.human" "macros/delivery.problem" "macros/feedback.complaint"
            "macros/feedback.praise" "macros/feedback.suggestion" "macros/legal.threat" "macros/order.cancel"
            "macros/privacy.request" "macros/product.damaged_or_wrong" "macros/safety.report"
            "macros/security.report" "macros/technical.outage" "macros/technical.problem")
    };
}

/// The sources by name, "default/en/answer".
pub fn sources() -> BTreeMap<String, String> {
    [wording!("en"), wording!("zh-Hans"), wording!("zh-Hant-TW"), wording!("zh-Hant-HK")]
        .iter()
        .flatten()
        .map(|(name, source)| (format!("{DEFAULT}/{name}"), (*source).to_owned()))
        .collect()
}
