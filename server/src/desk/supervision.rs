//! A supervisor in an operator's talk, as the room, the supervisor and the operator see it.

use events::{CallId, OperatorId, SupervisionEvent, SupervisionMode, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::Desk;

/// Who is in a talk beside its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Supervision {
    supervisor: OperatorId,
    mode: SupervisionMode,
    since: Timestamp,
}

/// A supervisor in a talk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SupervisionView {
    /// The call, `C17`.
    pub call: String,
    /// The supervisor's login.
    pub login: String,
    /// The supervisor's name.
    pub full_name: String,
    /// `listen`, `whisper` or `barge`.
    #[schema(value_type = String)]
    pub mode: SupervisionMode,
    /// Since when.
    pub since_at_ms: i64,
}

impl Desk {
    pub(super) fn supervise(&mut self, at: Timestamp, fact: &SupervisionEvent) {
        let call = fact.call();
        match fact {
            SupervisionEvent::Started {
                supervisor, mode, ..
            } => {
                let present = Supervision {
                    supervisor: supervisor.clone(),
                    mode: *mode,
                    since: at,
                };
                self.supervisions.insert(call, present);
            }
            SupervisionEvent::Changed { mode, .. } => {
                if let Some(present) = self.supervisions.get_mut(&call) {
                    present.mode = *mode;
                }
            }
            SupervisionEvent::Ended { .. } => {
                self.supervisions.remove(&call);
            }
        }
    }

    /// Who is in the talk of a call.
    pub(super) fn supervision_of(&self, call: CallId) -> Option<SupervisionView> {
        let present = self.supervisions.get(&call)?;
        Some(SupervisionView {
            call: call.to_string(),
            login: present.supervisor.to_string(),
            full_name: self.organisation.operator_name(&present.supervisor),
            mode: present.mode,
            since_at_ms: present.since.0.div_euclid(1_000),
        })
    }

    /// The talk that a supervisor is in.
    pub(super) fn supervision_by(&self, supervisor: &OperatorId) -> Option<SupervisionView> {
        let mut all = self.supervisions.iter();
        let (call, _) = all.find(|(_, present)| present.supervisor == *supervisor)?;
        self.supervision_of(*call)
    }

    /// Who is in the talk, as far as the house lets operators see it.
    pub(super) fn seen_supervisor(&self, call: CallId) -> Option<String> {
        let is_seen = self.organisation.operators_see_supervision;
        let present = self.supervision_of(call).filter(|_| is_seen)?;
        Some(present.full_name)
    }
}
