//! The words of a supervisor in a talk.

use serde::{Deserialize, Serialize};

words! {
    /// Who hears a supervisor who is in a talk. The supervisor hears everybody in any case.
    SupervisionMode {
        /// Nobody.
        Listen = "listen",
        /// The operator.
        Whisper = "whisper",
        /// Everybody.
        Barge = "barge",
    }
}

words! {
    /// Why a supervisor is in a talk no more.
    SupervisionEnd {
        /// The supervisor left.
        Left = "left",
        /// The talk is over.
        TalkOver = "talk_over",
        /// The supervisor's connection broke, or the server restarted.
        Failure = "failure",
    }
}
