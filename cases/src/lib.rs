//! What callers came for and what is owed to them: appointments, complaints, callbacks, notifications.
