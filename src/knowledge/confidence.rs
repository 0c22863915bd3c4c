//! The probability that the first hit answers the question.
//!
//! A logistic regression over a few named features. Its parameters belong to a model and are
//! fitted by `examples/fit_answer.rs` on questions of which it is known whether, and by which
//! article, they are answered.

use std::{collections::BTreeMap, fs, io, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{answer_head::AnswerHead, search::SearchParameters};
use crate::{Error, Result, encoder::ModelFolder};

/// Name of the file in the model folder.
pub const ANSWER_FILE: &str = "answer.json";

/// Name of the feature that the model's answer head gives.
const JUDGED: &str = "judged";

/// What the probability is computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswerFeatures {
    /// Joined score of the first article.
    pub score: f64,
    /// Its lexical score.
    pub lexical: f64,
    /// Dense score of its best passage.
    pub passage_dense: f64,
    /// Dense score of its title or best authored question.
    pub question_dense: f64,
    /// Distance to the next article's joined score.
    pub margin: f64,
    /// Share of the question's words that stand in the title, questions or passage.
    pub coverage: f64,
    /// Share of the question's weight whose words stand in no article at all.
    pub unknown: f64,
    /// 1 when article and asker have one language, whatever the script.
    pub same_language: f64,
    /// What the model's head makes of question and passage, in -1..1; 0 when the model has none.
    pub judged: f64,
    /// How well the question's tokens are met by those of the article, in 0..1; 0 when the model makes no
    /// tokens.
    pub late: f64,
}

impl AnswerFeatures {
    /// Names of the features, as `answer.json` has them.
    pub const NAMES: [&str; 10] = [
        "score",
        "lexical",
        "passage_dense",
        "question_dense",
        "margin",
        "coverage",
        "unknown",
        "same_language",
        JUDGED,
        "late",
    ];

    /// The features in the order of [`Self::NAMES`].
    pub fn values(&self) -> [f64; 10] {
        [
            self.score,
            self.lexical,
            self.passage_dense,
            self.question_dense,
            self.margin,
            self.coverage,
            self.unknown,
            self.same_language,
            self.judged,
            self.late,
        ]
    }
}

/// Fitted parameters of the search and of the answer probability, as `answer.json` holds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCalibration {
    /// Weights and scales of the search that the features come from.
    pub search: SearchParameters,
    /// Whether the parameters were fitted on questions with known answers.
    pub calibrated: bool,
    /// Logit of a question whose features are all 0.
    pub bias: f64,
    /// What each feature adds to the logit, per unit; those left out add nothing.
    pub weights: BTreeMap<String, f64>,
    /// Probability from which a question counts as answered.
    pub threshold: f64,
    /// The head that reads question and passage together; its weights are in the heads' file.
    #[serde(skip)]
    pub head: Option<Arc<AnswerHead>>,
}

impl Default for AnswerCalibration {
    /// Plausible values for when a model brings none; **not** calibrated: probabilities rise with
    /// relevance but do not say how often the answer is right.
    fn default() -> Self {
        let weights =
            [("score", 6.0), ("question_dense", 3.0), ("coverage", 2.0), ("margin", 4.0), ("unknown", -2.0)];
        Self {
            search: SearchParameters::default(),
            calibrated: false,
            bias: -5.0,
            weights: weights.map(|(name, weight)| (name.to_owned(), weight)).into(),
            threshold: 0.5,
            head: None,
        }
    }
}

impl AnswerCalibration {
    /// Reads `answer.json` and the answer head of a model whose vectors are `dimensions` wide.
    ///
    /// # Errors
    /// What [`Self::read`] and [`AnswerHead::load`] fail with.
    pub fn load(model: &ModelFolder, dimensions: usize) -> Result<Self> {
        let head = AnswerHead::load(model, dimensions)?.map(Arc::new);
        let calibration = Self { head, ..Self::read(model.path())? };
        let needs_head = calibration.weights.get(JUDGED).is_some_and(|weight| *weight != 0.0);
        if needs_head && calibration.head.is_none() {
            return Err(Error::model(
                model.file(ANSWER_FILE),
                "was fitted with an answer head that the model no longer has; write it again with \
                 examples/fit_answer",
            ));
        }
        Ok(calibration)
    }

    /// Reads `answer.json` from a model folder; the uncalibrated [`Self::default`] when there is
    /// none.
    ///
    /// # Errors
    /// [`Error::Model`] when the file cannot be read, names an unknown feature or holds a value
    /// that is no probability or number.
    pub fn read(model_folder: &Path) -> Result<Self> {
        let path = model_folder.join(ANSWER_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::model(path, format!("cannot be read: {error}"))),
        };
        let calibration: Self = serde_json::from_str(&text)
            .map_err(|error| Error::model(&path, format!("{error}; write it with examples/fit_answer")))?;
        calibration.check().map_err(|reason| Error::model(path, reason))?;
        Ok(calibration)
    }

    fn check(&self) -> Result<(), String> {
        if let Some(name) = self.weights.keys().find(|name| !AnswerFeatures::NAMES.contains(&name.as_str())) {
            return Err(format!("{name:?} is no feature; the features are {:?}", AnswerFeatures::NAMES));
        }
        let finite = self.bias.is_finite() && self.weights.values().all(|weight| weight.is_finite());
        if !finite || !(0.0..=1.0).contains(&self.threshold) {
            return Err("holds a weight that is no number, or a threshold outside 0..1".into());
        }
        Ok(())
    }

    /// Probability in 0..1 that the first hit answers; 0 when there was none.
    pub fn probability(&self, features: &AnswerFeatures) -> f64 {
        if features.score <= 0.0 {
            return 0.0;
        }
        let weighted = AnswerFeatures::NAMES
            .iter()
            .zip(features.values())
            .map(|(name, value)| self.weights.get(*name).copied().unwrap_or(0.0) * value);
        let logit = self.bias + weighted.sum::<f64>();
        1.0 / (1.0 + (-logit).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_file_gives_uncalibrated_values() {
        let folder = tempfile::tempdir().unwrap();
        let calibration = AnswerCalibration::read(folder.path()).unwrap();
        assert!(!calibration.calibrated);
        assert_eq!(calibration, AnswerCalibration::default());
    }

    #[test]
    fn what_is_written_reads_back_and_mistakes_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ANSWER_FILE);
        let written = AnswerCalibration { calibrated: true, threshold: 0.6, ..AnswerCalibration::default() };
        fs::write(&path, serde_json::to_string(&written).unwrap()).unwrap();
        assert_eq!(AnswerCalibration::read(folder.path()).unwrap(), written);
        for wrong in [
            r#"{"search": {}, "calibrated": true, "bias": 0, "weights": {"scoer": 1}, "threshold": 0.5}"#,
            r#"{"search": {}, "calibrated": true, "bias": 0, "weights": {}, "threshold": 1.5}"#,
            "{}",
            "no json",
        ] {
            fs::write(&path, wrong).unwrap();
            let error = AnswerCalibration::read(folder.path()).unwrap_err().to_string();
            assert!(error.contains("answer.json"), "{error}");
        }
    }

    #[test]
    fn better_features_give_a_higher_probability() {
        let calibration = AnswerCalibration::default();
        let poor = AnswerFeatures { score: 0.1, unknown: 1.0, ..AnswerFeatures::default() };
        let good =
            AnswerFeatures { score: 0.8, question_dense: 0.9, coverage: 1.0, ..AnswerFeatures::default() };
        assert!(calibration.probability(&poor) < 0.1);
        assert!(calibration.probability(&good) > 0.9);
        assert!(calibration.probability(&AnswerFeatures::default()).abs() < f64::EPSILON);
    }
}
