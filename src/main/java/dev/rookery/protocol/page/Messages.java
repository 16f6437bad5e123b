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

/** Refusals and successes, as people are told of them. */
final class Messages {
  private static final Map<String, String> SUCCESSES =
      Map.ofEntries(
          Map.entry("registered", "Look into your mail: a letter with a link is on its way."),
          Map.entry("link", "If somebody has this address, a letter with a link is on its way."),
          Map.entry("confirmed", "Your address is confirmed, and you are signed in."),
          Map.entry("name", "Your name is saved."),
          Map.entry(
              "email-sent", "Look into your mail: a letter to the new address is on its way."),
          Map.entry("email", "The new address is yours."),
          Map.entry("password", "Your password is set, and you are signed out everywhere else."),
          Map.entry("device", "The device opens this account no more."),
          Map.entry("provider", "The other account is unlinked."),
          Map.entry("linked", "The other account is linked."),
          Map.entry("session", "The session is ended."),
          Map.entry("sessions", "All other sessions are ended."),
          Map.entry("signed-out", "You are signed out."),
          Map.entry("deleted", "Your account is deleted."));

  private static final Map<String, String> FAILURES =
      Map.ofEntries(
          Map.entry("invalid_credentials", "This address and this password do not go together."),
          Map.entry(
              "invalid_token",
              "This link has been used, is too old, or a newer one was sent. Ask for another."),
          Map.entry(
              "reauthentication_required",
              "You signed in a while ago: give your present password, too."),
          Map.entry(
              "invalid_state", "This took too long, or was begun in another browser. Begin again."),
          Map.entry("cancelled", "You did not go through with it."),
          Map.entry("not_vouched", "The other service does not say that it is you."),
          Map.entry("profile_incomplete", "The other service does not say who you are."),
          Map.entry("provider_away", "The other service does not answer. Try again later."),
          Map.entry("provider_not_configured", "The other service does not know this server."),
          Map.entry("provider_not_found", "There is no such service here."),
          Map.entry(
              "provider_already_linked", "This other account opens another player's account."),
          Map.entry("mail_not_configured", "This server sends no letters."),
          Map.entry("email_taken", "Somebody else has this address by now."),
          Map.entry("last_authentication_method", "Nothing else opens this account yet."),
          Map.entry("last_provider", "Nothing else opens this account yet."),
          Map.entry("not_found", "This is not there any more."));

  private Messages() {}

  /** Empty for what is no word of ours. */
  static String success(String word) {
    return SUCCESSES.getOrDefault(word, "");
  }

  /** Empty for what is told at the fields. */
  static String failure(Refusal refusal) {
    return switch (refusal) {
      case Invalid _ -> "";
      case Denied(var code, var details) when code.equals("account_banned") -> banned(details);
      case Limited(_, var after) -> "This was too often. Try again in " + describe(after) + ".";
      case Missing(var code) -> failureOf(code);
      case Denied(var code, _) -> failureOf(code);
      case Conflict(var code) -> failureOf(code);
      case Unavailable(var code, _) ->
          FAILURES.getOrDefault(code, "The server cannot do this at the moment. Try again soon.");
    };
  }

  static int status(Refusal refusal) {
    return switch (refusal) {
      case Limited _ -> 429;
      case Unavailable _ -> 503;
      case Missing _, Denied _, Conflict _, Invalid _ -> 422;
    };
  }

  private static String failureOf(String code) {
    return FAILURES.getOrDefault(code, "This cannot be done now (" + code + ").");
  }

  private static String banned(Map<String, Object> details) {
    Object until = details.getOrDefault("banned_until", "");
    String end = until.equals("") ? "for good" : "until " + until;
    return "This account is closed " + end + ": " + details.getOrDefault("message", "");
  }

  private static String describe(Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).toSeconds());
    return seconds < 120 ? seconds + " seconds" : (seconds + 59) / 60 + " minutes";
  }
}
