//! What supervisors changed.

use std::sync::Arc;

use events::{Act, Millis, StaffRole, Timestamp};

use crate::acd::Acd;

impl Acd {
    /// What an act of the audit trail changes here by itself; most change nothing.
    pub(super) fn manage(&mut self, act: &Act) {
        match act {
            Act::SkillsChanged { of, skills } => {
                let skills = skills.iter().map(|of| (of.skill.clone(), of.level));
                self.skills_changed.insert(of.clone(), skills.collect());
                self.know_what_changed();
            }
            Act::StrategyChanged { queue, strategy } => {
                self.strategies_changed.insert(queue.clone(), *strategy);
                self.know_what_changed();
            }
            // What they are decides whether they may come into others' talks.
            Act::CardChanged {
                of,
                role: Some(role),
                ..
            } => {
                let supervises = match role {
                    StaffRole::Supervisor | StaffRole::Administrator => true,
                    StaffRole::Operator | StaffRole::Analyst => false,
                };
                let supervisors = &mut Arc::make_mut(&mut self.settings).supervisors;
                if supervises {
                    supervisors.insert(of.clone());
                } else {
                    supervisors.remove(of);
                }
            }
            Act::CallMoved { call, ahead_ms, .. } if *ahead_ms > Millis(0) => {
                let ahead_us = ahead_ms.0.saturating_mul(1_000);
                self.change_call(*call, |call| {
                    if let Some(ticket) = &mut call.ticket {
                        ticket.order = Timestamp(ticket.order.0.saturating_sub_unsigned(ahead_us));
                    }
                });
            }
            Act::CallMoved { .. }
            | Act::LoggedIn {}
            | Act::LoggedOut {}
            | Act::LoginRefused {}
            | Act::RecordingHeard { .. }
            | Act::ScriptsReloaded { .. }
            | Act::CampaignPlanned { .. }
            | Act::NotificationPlanned { .. }
            | Act::ConsentNoted { .. }
            | Act::PasswordReset { .. }
            | Act::CardChanged { .. }
            | Act::AccountDisabled { .. }
            | Act::AccountEnabled { .. }
            | Act::ScreenOpened { .. }
            | Act::ScreenClosed { .. }
            | Act::StateChanged { .. }
            | Act::UnansweredTaken { .. }
            | Act::UnansweredClosed { .. }
            | Act::RatingReviewed { .. }
            | Act::MessageSent { .. }
            | Act::MessageRead { .. } => {}
        }
    }

    /// What supervisors changed goes before the catalogue.
    pub(crate) fn know_what_changed(&mut self) {
        for (operator, skills) in &self.skills_changed {
            if let Some(operator) = self.operators.get_mut(operator) {
                operator.skills.clone_from(skills);
            }
        }
        for (queue, strategy) in &self.strategies_changed {
            if let Some(queue) = self.queues.get_mut(queue) {
                queue.strategy = *strategy;
            }
        }
    }
}
