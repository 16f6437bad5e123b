package dev.rookery.console;

import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import java.time.Duration;

/** Describes what the console removes of its own tables. */
final class ConsoleSweep {
  private ConsoleSweep() {}

  static Sweep of(Duration interval, Duration auditKeptFor) {
    return Sweep.every(
        interval,
        "console",
        SweptTable.expired("console_session", "expires_ms")
            .orderedBy(null)
            .setBy("admin.sessionFor"),
        SweptTable.expired("console_session_method", "expires_ms"),
        SweptTable.aged(
                "console_setup_code",
                "when its node does not renew it",
                "created_ms",
                ConsoleSessionStore.SETUP_CODE_VALID_FOR)
            .orderedBy(null),
        SweptTable.aged(
                "console_oidc_session",
                "when the sign-in is too old",
                "signed_in_ms",
                OidcSignIns.VALID_FOR)
            .orderedBy(null),
        SweptTable.aged(
                "console_api_factor",
                "when the second factor does not count any more",
                "factor_ms",
                ConsoleSettings.STEP_UP)
            .orderedBy(null),
        SweptTable.aged(
                "console_failure", "a day after the last failure", "last_ms", FailureStore.KEPT_FOR)
            .orderedBy(null),
        SweptTable.expired("console_api_code", "expires_ms"),
        SweptTable.expired("console_attempt", "forget_ms"),
        SweptTable.expired("console_invite", "expires_ms").orderedBy(null),
        SweptTable.aged("console_audit", "when it is old", "at_ms", auditKeptFor)
            .setBy("admin.auditKeptFor"));
  }

  /** What nodes remove when they write further rows. */
  static Sweep byWriters() {
    return Sweep.byWriters(
        "tickets and meters, by the code that writes them",
        SweptTable.expired("live_ticket", "expires_ms"),
        SweptTable.aged("metric_minute", "after its time", "minute", MetricRange.WEEK.length())
            .countedIn(Duration.ofMinutes(1)));
  }
}
