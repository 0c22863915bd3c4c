//! `frontdesk kb check`: how well a knowledge base answers its golden questions.

use clap::Args;

use super::{Context, Failure, Finished, base_of, print};
use crate::proto::GoldenFigures;

/// Ask a knowledge base its golden questions.
///
/// Prints how many come out right, for each language, and each one that does not. With a bound the
/// command fails (exit code 1) when a share is below it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk kb check\n  \
    frontdesk kb check --kb shop --min-hit1 0.85 --min-no-answer 0.9")]
pub(in crate::cli) struct CheckArgs {
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Least share of questions whose article comes first.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_hit1: Option<f64>,
    /// Least share of questions whose article is among the first three.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_hit3: Option<f64>,
    /// Least share of the questions without an answer for which nothing is sent.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_no_answer: Option<f64>,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: CheckArgs) -> Result<Finished, Failure> {
    let name = base_of(context, args.kb.as_deref());
    let spinner = crate::progress::spinner(&format!("asking {name} its golden questions"));
    let done = context.with_client(async |client| Ok(client.check_knowledge_base(&name).await?)).await;
    spinner.finish_and_clear();
    let report = done?;
    if context.global.json {
        print::json(&report)?;
    } else {
        let mut page = print::Page::new();
        print::check(&mut page, &name, &report);
        page.print()?;
    }
    let missed = args.missed(&report.figures.unwrap_or_default());
    for bound in &missed {
        anstream::eprintln!("{bound}");
    }
    Ok(if missed.is_empty() { Finished::Well } else { Finished::WithFailures })
}

impl CheckArgs {
    /// The bounds that the figures do not reach.
    fn missed(&self, figures: &GoldenFigures) -> Vec<String> {
        let bounds = [
            ("--min-hit1", self.min_hit1, figures.hit_at_1),
            ("--min-hit3", self.min_hit3, figures.hit_at_3),
            ("--min-no-answer", self.min_no_answer, figures.no_answer_accuracy),
        ];
        let missed = |(name, bound, figure): (&str, Option<f64>, Option<f64>)| {
            let bound = bound?;
            match figure {
                Some(figure) if figure >= bound => None,
                Some(figure) => Some(format!("{name}: {figure:.3} is below {bound}")),
                None => Some(format!("{name}: no golden question tells")),
            }
        };
        bounds.into_iter().filter_map(missed).collect()
    }
}

/// Reads a share.
fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("write a share between 0 and 1, for example 0.85".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_that_are_missed_are_told_with_the_figure() {
        let figures = GoldenFigures { hit_at_1: Some(0.8), hit_at_3: Some(0.9), ..GoldenFigures::default() };
        let args =
            CheckArgs { kb: None, min_hit1: Some(0.85), min_hit3: Some(0.9), min_no_answer: Some(0.5) };
        assert_eq!(
            args.missed(&figures),
            ["--min-hit1: 0.800 is below 0.85", "--min-no-answer: no golden question tells"]
        );
        for wrong in ["1.5", "-1", "NaN", "85%"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
