//! Everything that operators look into while they talk: their scripts and the directory of other
//! bodies. Read and checked as a whole, replaced as a whole.

use std::sync::Arc;

use crate::bodies::Bodies;
use crate::operator_script::{Finding, OperatorScripts, read_all};
use crate::organisation::Organisation;
use crate::training::Training;

/// The folder of the operators' scripts, under the scripts folder.
pub const OPERATOR: &str = "operator/";
/// The directory of other bodies.
pub const BODIES: &str = "directory/bodies.toml";

/// What operators look into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handbook {
    /// Their scripts.
    pub scripts: Arc<OperatorScripts>,
    /// Whom to turn to with other questions.
    pub bodies: Bodies,
    /// What they learn, and with whom they rehearse.
    pub training: Training,
    /// What of the training does not fit the scripts, and is left out.
    pub unfit: Vec<Finding>,
}

impl Handbook {
    /// Reads files of the scripts folder, `(operator/appointment.toml, its text)`; others are left
    /// alone.
    ///
    /// # Errors
    /// Everything that is to be mended, in the order of the files.
    pub fn read(
        files: &[(String, String)],
        organisation: &Organisation,
    ) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let scripts: Vec<(String, String)> = files
            .iter()
            .filter(|(name, _)| name.starts_with(OPERATOR))
            .cloned()
            .collect();
        let mut told = |found: Vec<Finding>| findings.extend(found);
        let scripts = read_all(&scripts, organisation).map_err(&mut told).ok();
        let bodies = files.iter().find(|(name, _)| name == BODIES);
        let bodies = bodies.map_or_else(
            || Ok(Bodies::default()),
            |(name, text)| Bodies::read(name, text),
        );
        let bodies = bodies.map_err(&mut told).ok();
        let (Some(scripts), Some(bodies)) = (scripts, bodies) else {
            return Err(findings);
        };
        let (training, unfit) = Training::read(files, (&scripts, &bodies));
        Ok(Self {
            training,
            unfit,
            scripts: Arc::new(scripts),
            bodies,
        })
    }
}
