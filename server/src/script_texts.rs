//! Texts of the scripts folder on their way from a draft to use (ADR 0016): somebody proposes,
//! somebody else approves, and every version is kept.
//!
//! A fold over facts, and the rules that make them. The texts themselves are kept under their digests
//! by the shell; here are only names.

use std::collections::BTreeMap;

use events::{Event, OperatorId, ProposalId, Record, ScriptTextEvent, Timestamp};

/// Proposals of one author that wait for a decision at most.
const WAITING_MAX: usize = 50;
/// A note is no longer than this.
pub const NOTE_MAX_CHARS: usize = 500;

/// What somebody wants of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextWish {
    /// Another text for a file.
    Propose {
        /// The file under the scripts folder.
        file: String,
        /// The digest of the text in use; none if there is no such file.
        base: Option<String>,
        /// The digest of the proposed text.
        digest: String,
        /// Who proposes.
        author: OperatorId,
        /// Why.
        note: String,
    },
    /// It may be used.
    Approve {
        /// Which.
        proposal: ProposalId,
        /// Who says so.
        by: OperatorId,
    },
    /// It may not, or its author takes it back.
    Reject {
        /// Which.
        proposal: ProposalId,
        /// Who says so.
        by: OperatorId,
        /// Why.
        why: String,
    },
}

/// A proposed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The file under the scripts folder.
    pub file: String,
    /// The digest of the text it would replace.
    pub base: Option<String>,
    /// Its own digest.
    pub digest: String,
    /// Who proposed it.
    pub author: OperatorId,
    /// Why.
    pub note: String,
    /// When.
    pub at: Timestamp,
    /// What became of it.
    pub state: ProposalState,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalState {
    /// Nothing yet.
    Waiting,
    /// It is used since then.
    Approved(Timestamp, OperatorId),
    /// It is not, and why.
    Rejected(Timestamp, OperatorId, String),
}

/// Every proposal there was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptTexts {
    proposals: BTreeMap<ProposalId, Proposal>,
}

impl ScriptTexts {
    /// Takes the next record.
    pub fn apply(&mut self, record: &Record) {
        if let Event::ScriptText(fact) = &record.event {
            self.take(record.at, fact);
        }
    }

    /// Takes the next fact.
    pub fn take(&mut self, at: Timestamp, fact: &ScriptTextEvent) {
        match fact {
            ScriptTextEvent::Proposed {
                proposal,
                file,
                base,
                digest,
                author,
                note,
            } => {
                let proposed = Proposal {
                    file: file.clone(),
                    base: base.clone(),
                    digest: digest.clone(),
                    author: author.clone(),
                    note: note.clone(),
                    at,
                    state: ProposalState::Waiting,
                };
                self.proposals.insert(*proposal, proposed);
            }
            ScriptTextEvent::Approved { proposal, by } => {
                self.settle(*proposal, ProposalState::Approved(at, by.clone()));
            }
            ScriptTextEvent::Rejected { proposal, by, why } => {
                let state = ProposalState::Rejected(at, by.clone(), why.clone());
                self.settle(*proposal, state);
            }
        }
    }

    fn settle(&mut self, proposal: ProposalId, state: ProposalState) {
        if let Some(proposal) = self.proposals.get_mut(&proposal) {
            proposal.state = state;
        }
    }

    /// The fact a wish leads to.
    ///
    /// # Errors
    /// Why not, for the screen.
    pub fn decide(&self, wish: TextWish) -> Result<ScriptTextEvent, String> {
        match wish {
            TextWish::Propose {
                file,
                base,
                digest,
                author,
                note,
            } => {
                self.may_propose(&file, (&digest, base.as_deref()), &author)?;
                Ok(ScriptTextEvent::Proposed {
                    proposal: self.next(),
                    file,
                    base,
                    digest,
                    author,
                    note,
                })
            }
            TextWish::Approve { proposal, by } => {
                self.may_approve(proposal, &by)?;
                Ok(ScriptTextEvent::Approved { proposal, by })
            }
            TextWish::Reject { proposal, by, why } => {
                self.waiting(proposal)?;
                Ok(ScriptTextEvent::Rejected { proposal, by, why })
            }
        }
    }

    fn may_propose(
        &self,
        file: &str,
        (digest, base): (&str, Option<&str>),
        author: &OperatorId,
    ) -> Result<(), String> {
        if base == Some(digest) {
            return Err("Текст не изменился: предлагать нечего".to_owned());
        }
        let mut waiting = self.waiting_ones().map(|(_, proposal)| proposal);
        if waiting.any(|one| one.file == file && one.digest == digest) {
            return Err("Такой же текст уже ждёт решения".to_owned());
        }
        let waiting = self.waiting_ones().map(|(_, proposal)| proposal);
        if waiting.filter(|one| one.author == *author).count() >= WAITING_MAX {
            return Err(format!(
                "У вас {WAITING_MAX} предложений без решения: отзовите ненужные"
            ));
        }
        Ok(())
    }

    /// Whether somebody may approve a proposal: nobody approves their own.
    ///
    /// # Errors
    /// Why not, for the screen.
    pub fn may_approve(&self, id: ProposalId, by: &OperatorId) -> Result<&Proposal, String> {
        let proposal = self.waiting(id)?;
        if proposal.author == *by {
            return Err("Свой текст утверждает другой человек".to_owned());
        }
        Ok(proposal)
    }

    fn waiting(&self, id: ProposalId) -> Result<&Proposal, String> {
        match self.proposals.get(&id) {
            None => Err(format!("Предложения {} нет", id.0)),
            Some(proposal) if proposal.state == ProposalState::Waiting => Ok(proposal),
            Some(_) => Err(format!("По предложению {} уже решено", id.0)),
        }
    }

    fn next(&self) -> ProposalId {
        let newest = self.proposals.keys().next_back();
        ProposalId(newest.map_or(1, |newest| newest.0 + 1))
    }

    /// One proposal.
    #[must_use]
    pub fn proposal(&self, id: ProposalId) -> Option<&Proposal> {
        self.proposals.get(&id)
    }

    /// Every proposal, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = (ProposalId, &Proposal)> {
        let proposals = self.proposals.iter().rev();
        proposals.map(|(id, proposal)| (*id, proposal))
    }

    fn waiting_ones(&self) -> impl Iterator<Item = (ProposalId, &Proposal)> {
        let proposals = self.newest_first();
        proposals.filter(|(_, proposal)| proposal.state == ProposalState::Waiting)
    }

    /// What was approved last for each file, by when it was approved.
    #[must_use]
    pub fn in_use(&self) -> BTreeMap<&str, &Proposal> {
        let mut newest: BTreeMap<&str, (Timestamp, &Proposal)> = BTreeMap::new();
        for proposal in self.proposals.values() {
            let ProposalState::Approved(at, _) = &proposal.state else {
                continue;
            };
            let known = newest.entry(&proposal.file).or_insert((*at, proposal));
            if *at >= known.0 {
                *known = (*at, proposal);
            }
        }
        newest
            .into_iter()
            .map(|(file, (_, proposal))| (file, proposal))
            .collect()
    }
}

/// Whether a name is one of a file that may be edited here: `operator/NAME.toml`,
/// `knowledge/NAME.toml`, `directory/bodies.toml`. Nothing else under the folder can be reached.
#[must_use]
pub fn is_editable(file: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = |name: &str| {
        let stem = name.strip_suffix(".toml");
        stem.is_some_and(|stem| (1..=64).contains(&stem.len()) && stem.chars().all(plain))
    };
    match file.split_once('/') {
        Some(("operator" | "knowledge", name)) => is_name(name),
        Some((_, _)) | None => file == crate::handbook::BODIES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "operator/appointment.toml";

    fn propose(author: &str, base: Option<&str>, digest: &str) -> TextWish {
        TextWish::Propose {
            file: FILE.into(),
            base: base.map(str::to_owned),
            digest: digest.into(),
            author: author.into(),
            note: "короче".into(),
        }
    }

    fn approve(proposal: u64, by: &str) -> TextWish {
        TextWish::Approve {
            proposal: ProposalId(proposal),
            by: by.into(),
        }
    }

    fn reject(proposal: u64, by: &str) -> TextWish {
        TextWish::Reject {
            proposal: ProposalId(proposal),
            by: by.into(),
            why: "рано".into(),
        }
    }

    /// Wishes one after the other, a second apart; the last one's refusal.
    fn told(wishes: Vec<TextWish>) -> (ScriptTexts, Result<(), String>) {
        let mut texts = ScriptTexts::default();
        let mut last = Ok(());
        for (at, wish) in (0..).zip(wishes) {
            last = texts.decide(wish).map(|fact| {
                texts.take(Timestamp(at * 1_000_000), &fact);
            });
        }
        (texts, last)
    }

    fn refusal(wishes: Vec<TextWish>) -> String {
        told(wishes).1.unwrap_err()
    }

    #[test]
    fn a_text_is_in_use_once_another_person_approved_it() {
        let first = || propose("anna", Some("a"), "b");
        assert_eq!(
            refusal(vec![first(), approve(1, "anna")]),
            "Свой текст утверждает другой человек"
        );
        let (texts, last) = told(vec![first(), approve(1, "boss")]);
        assert_eq!(last, Ok(()));
        assert_eq!(texts.in_use()[FILE].digest, "b");
        let (texts, _) = told(vec![first()]);
        assert!(texts.in_use().is_empty());
    }

    #[test]
    fn a_proposal_is_decided_once() {
        let first = || propose("anna", Some("a"), "b");
        assert_eq!(
            refusal(vec![first(), reject(1, "boss"), approve(1, "boss")]),
            "По предложению 1 уже решено"
        );
        assert_eq!(
            refusal(vec![first(), approve(1, "boss"), reject(1, "anna")]),
            "По предложению 1 уже решено"
        );
        assert_eq!(refusal(vec![approve(7, "boss")]), "Предложения 7 нет");
        assert_eq!(
            told(vec![first(), reject(1, "anna")]).1,
            Ok(()),
            "taken back"
        );
    }

    #[test]
    fn an_old_version_comes_back_by_being_proposed_again() {
        let (texts, last) = told(vec![
            propose("anna", Some("a"), "b"),
            approve(1, "boss"),
            propose("boss", Some("b"), "a"),
            approve(2, "anna"),
        ]);
        assert_eq!(last, Ok(()));
        assert_eq!(texts.in_use()[FILE].digest, "a");
        let names: Vec<u64> = texts.newest_first().map(|(id, _)| id.0).collect();
        assert_eq!(names, [2, 1]);
    }

    #[test]
    fn what_was_approved_later_is_in_use_whatever_was_proposed_first() {
        let (texts, _) = told(vec![
            propose("anna", Some("a"), "b"),
            propose("anna", Some("a"), "c"),
            approve(2, "boss"),
            approve(1, "boss"),
        ]);
        assert_eq!(texts.in_use()[FILE].digest, "b");
    }

    #[test]
    fn nothing_is_proposed_twice_or_for_nothing() {
        let first = || propose("anna", Some("a"), "b");
        assert_eq!(
            refusal(vec![propose("anna", Some("a"), "a")]),
            "Текст не изменился: предлагать нечего"
        );
        assert_eq!(
            refusal(vec![first(), propose("boris", Some("a"), "b")]),
            "Такой же текст уже ждёт решения"
        );
        let many = (0..=50).map(|at| propose("anna", None, &at.to_string()));
        assert!(refusal(many.collect()).starts_with("У вас 50 предложений"));
    }

    #[test]
    fn only_the_texts_of_people_are_edited() {
        for file in [FILE, "knowledge/technopark.toml", "directory/bodies.toml"] {
            assert!(is_editable(file), "{file}");
        }
        for file in [
            "assistant/consultation.toml",
            "operator/../../liniya.toml",
            "operator/.hidden.toml",
            "operator/Имя.toml",
            "operator/a/b.toml",
            "operator/.toml",
            "directory/other.toml",
            "/etc/passwd",
            "",
        ] {
            assert!(!is_editable(file), "{file}");
        }
    }
}
