//! Who hears whom in a call's room: what the media plane is told once more than two are in it.

use acd::Stage;
use events::{CallId, LegId, SupervisionMode};
use sip_gateway::boundary::{Hearing, MediaCommand};

use super::room::Room;
use super::{Effect, Switchboard, Turn};

/// A leg, and whom it hears.
pub(super) type Hears<'a> = (LegId, &'a [LegId]);

impl Switchboard {
    /// While somebody is consulted: who hears whom until [`Self::hear_each_other`].
    pub(super) fn hear_apart(&mut self, call: CallId, legs: &[Hears<'_>], turn: &mut Turn) {
        let hearing = |(leg, hears): &Hears<'_>| Hearing {
            leg: *leg,
            hears: hears.to_vec(),
        };
        if let Some(room) = self.rooms.get_mut(&call) {
            room.apart = Some(legs.iter().map(hearing).collect());
        }
        self.mix(call, turn);
    }

    /// Caller and operator, and a supervisor if one is in the talk.
    pub(super) fn hear_each_other(&mut self, call: CallId, operator: LegId, turn: &mut Turn) {
        let Some(room) = self.rooms.get_mut(&call) else {
            return;
        };
        room.apart = None;
        let caller = room.caller;
        match &room.supervisor {
            Some(present) if present.joined => self.mix(call, turn),
            Some(_) | None => {
                let bridge = MediaCommand::Bridge { caller, operator };
                turn.effects.push(Effect::Media(bridge));
            }
        }
    }

    /// The caller is on hold: whoever talks with them, and whoever is in that talk, does not hear them.
    /// A consultation has its own rule.
    pub(super) fn hear_no_caller(&mut self, call: CallId, turn: &mut Turn) {
        let Some((caller, operator)) = self.talk_of_two(call) else {
            return;
        };
        if let Some(room) = self.rooms.get_mut(&call) {
            room.unheard = true;
        }
        self.hear_apart(call, &[(caller, &[operator]), (operator, &[])], turn);
    }

    /// The caller is off hold.
    pub(super) fn hear_the_caller(&mut self, call: CallId, turn: &mut Turn) {
        let room = self.rooms.get_mut(&call);
        let was_unheard = room.is_some_and(|room| std::mem::take(&mut room.unheard));
        if was_unheard && let Some((_, operator)) = self.talk_of_two(call) {
            self.hear_each_other(call, operator, turn);
        }
    }

    /// The legs of a caller and the operator they talk with, if that is nobody else beside.
    fn talk_of_two(&self, call: CallId) -> Option<(LegId, LegId)> {
        let alone = |stage: &Stage| {
            matches!(
                stage,
                Stage::Talking {
                    consultation: None,
                    ..
                }
            )
        };
        let room = self.rooms.get(&call)?;
        let operator = room.talking_leg()?;
        self.stage_is(call, alone)
            .then_some((room.caller, operator))
    }

    /// Tells the media plane who hears whom from now on.
    pub(super) fn mix(&self, call: CallId, turn: &mut Turn) {
        let Some(room) = self.rooms.get(&call) else {
            return;
        };
        let mut legs = talk(room);
        if let Some(present) = room.supervisor.as_ref().filter(|present| present.joined) {
            let operator = room.talking_leg();
            admit(&mut legs, present.leg, operator, present.mode);
        }
        turn.effects.push(Effect::Media(MediaCommand::Mix { legs }));
    }
}

/// The talk itself, without a supervisor.
fn talk(room: &Room) -> Vec<Hearing> {
    if let Some(apart) = &room.apart {
        return apart.clone();
    }
    let legs: Vec<LegId> = [room.caller]
        .into_iter()
        .chain(room.talking_leg())
        .collect();
    Hearing::all(&legs)
}

/// A supervisor hears the operator and whom the operator hears: whoever is on hold meanwhile is heard
/// by nobody. They are heard by nobody, by the operator, or by everybody on the operator's side.
fn admit(
    legs: &mut Vec<Hearing>,
    supervisor: LegId,
    operator: Option<LegId>,
    mode: SupervisionMode,
) {
    let side = legs.iter().find(|one| Some(one.leg) == operator);
    let side = side.map_or(Vec::new(), |one| one.hears.clone());
    let heard = legs.iter().map(|one| one.leg);
    let heard = heard.filter(|leg| Some(*leg) == operator || side.contains(leg));
    let heard = heard.collect();
    for one in legs.iter_mut() {
        let hears = match mode {
            SupervisionMode::Listen => false,
            SupervisionMode::Whisper => Some(one.leg) == operator,
            // Whoever is on hold hears music alone.
            SupervisionMode::Barge => !one.hears.is_empty() || Some(one.leg) == operator,
        };
        if hears {
            one.hears.push(supervisor);
        }
    }
    legs.push(Hearing {
        leg: supervisor,
        hears: heard,
    });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn who_hears_a_supervisor_depends_on_the_mode() {
        let (caller, operator, consulted) = (LegId(1), LegId(2), LegId(4));
        let mut told = String::new();
        for mode in SupervisionMode::ALL {
            for talk in [vec![caller, operator], vec![caller, operator, consulted]] {
                let mut legs = Hearing::all(&talk);
                admit(&mut legs, LegId(3), Some(operator), *mode);
                let hears = |one: &Hearing| {
                    let hears: Vec<String> =
                        one.hears.iter().map(|leg| leg.0.to_string()).collect();
                    format!("{} hears {}", one.leg.0, hears.join("+"))
                };
                let legs: Vec<String> = legs.iter().map(hears).collect();
                told.push_str(&format!("{}: {}\n", mode.as_str(), legs.join(", ")));
            }
        }
        expect![[r#"
            listen: 1 hears 2, 2 hears 1, 3 hears 1+2
            listen: 1 hears 2+4, 2 hears 1+4, 4 hears 1+2, 3 hears 1+2+4
            whisper: 1 hears 2, 2 hears 1+3, 3 hears 1+2
            whisper: 1 hears 2+4, 2 hears 1+4+3, 4 hears 1+2, 3 hears 1+2+4
            barge: 1 hears 2+3, 2 hears 1+3, 3 hears 1+2
            barge: 1 hears 2+4+3, 2 hears 1+4+3, 4 hears 1+2+3, 3 hears 1+2+4
        "#]]
        .assert_eq(&told);
    }
}
