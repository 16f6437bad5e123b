package dev.rookery.protocol.page;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import java.time.Duration;
import java.util.Map;

/** The messages that pages show for refusals and successes. */
final class Messages {
  private static final Map<String, String> SUCCESSES =
      Map.ofEntries(
          Map.entry("registered", "Check your email: we sent you a confirmation link."),
          Map.entry("link", "If this email address has an account, we sent a link to it."),
          Map.entry("confirmed", "You are signed in."),
          Map.entry("name", "Display name saved."),
          Map.entry(
              "email-sent", "Check your email: we sent a confirmation link to the new address."),
          Map.entry("email", "Email address changed."),
          Map.entry("password", "Password changed. You are signed out of all other sessions."),
          Map.entry("device", "Device unlinked."),
          Map.entry("provider", "Account unlinked."),
          Map.entry("linked", "Account linked."),
          Map.entry("session", "Session signed out."),
          Map.entry("sessions", "Signed out of all other sessions."),
          Map.entry("signed-out", "You are signed out."),
          Map.entry("deleted", "Your account was deleted."));

  private static final Map<String, String> FAILURES =
      Map.ofEntries(
          Map.entry("invalid_credentials", "Email or password is incorrect."),
          Map.entry(
              "invalid_token",
              "This link was already used, has expired, or was replaced by a newer one."
                  + " Request a new link."),
          Map.entry(
              "reauthentication_required",
              "For your security, enter your current password to make this change."),
          Map.entry(
              "invalid_state",
              "This sign-in has expired or was started in another browser. Start again."),
          Map.entry("cancelled", "The sign-in was cancelled."),
          Map.entry("not_vouched", "The provider could not confirm your identity."),
          Map.entry("profile_incomplete", "The provider did not send the required profile."),
          Map.entry("provider_away", "The provider is not available. Try again later."),
          Map.entry("provider_not_configured", "This provider is not configured on this server."),
          Map.entry("provider_not_found", "This provider is not supported."),
          Map.entry("provider_already_linked", "This account is already linked to another player."),
          Map.entry("mail_not_configured", "This server cannot send email."),
          Map.entry("email_taken", "This email address is already in use."),
          Map.entry(
              "last_authentication_method",
              "This is your only sign-in method. Add another one before you remove it."),
          Map.entry("last_provider", "This is your only linked account. Link another one first."),
          Map.entry("no_role", "This account has no role on this server."),
          Map.entry("sign_in_ended", "Your sign-in has ended. Sign in again."),
          Map.entry("factor_required", "Enter the code of your authenticator app."),
          Map.entry("invalid_code", "This code is not valid, or was used already."),
          Map.entry("no_factor", "Set up a second factor first."),
          Map.entry("factor_exists", "A second factor is set up already."),
          Map.entry("setup_closed", "This server has an owner already."),
          Map.entry("not_found", "Not found. It may have been removed."));

  private Messages() {}

  /** Returns the message of a success code; empty if the code is unknown. */
  static String success(String code) {
    return SUCCESSES.getOrDefault(code, "");
  }

  /** Returns the message of a refusal; empty for invalid fields, which are shown at the fields. */
  static String failure(Refusal refusal) {
    return switch (refusal) {
      case Invalid _ -> "";
      case Denied(var code, var details) when code.equals("account_banned") -> banned(details);
      case Limited(_, var after) -> "Too many attempts. Try again in " + describe(after) + ".";
      case Missing(var code) -> failureOf(code);
      case Denied(var code, _) -> failureOf(code);
      case Conflict(var code) -> failureOf(code);
      case Unavailable(var code, _) ->
          FAILURES.getOrDefault(code, "The server is busy. Try again soon.");
    };
  }

  /** Returns the HTTP status of a page that shows the refusal. */
  static int status(Refusal refusal) {
    return switch (refusal) {
      case Limited _ -> 429;
      case Unavailable _ -> 503;
      case Missing _, Denied _, Conflict _, Invalid _ -> 422;
    };
  }

  private static String failureOf(String code) {
    return FAILURES.getOrDefault(code, "This is not possible right now (" + code + ").");
  }

  private static String banned(Map<String, Object> details) {
    Object until = details.getOrDefault("banned_until", "");
    String end = until.equals("") ? "permanently" : "until " + until;
    return "This account is banned " + end + ": " + details.getOrDefault("message", "");
  }

  private static String describe(Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).toSeconds());
    return seconds < 120 ? seconds + " seconds" : (seconds + 59) / 60 + " minutes";
  }
}
