package dev.rookery.protocol.page;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.translation.Message;
import java.time.Duration;
import java.util.Map;

/** The messages that pages show for refusals and successes. */
final class Messages {
  private static final Map<String, Message> SUCCESSES =
      Map.ofEntries(
          Map.entry("registered", Message.of("Check your email: we sent you a confirmation link.")),
          Map.entry(
              "link", Message.of("If this email address has an account, we sent a link to it.")),
          Map.entry("confirmed", Message.of("You are signed in.")),
          Map.entry("name", Message.of("Display name saved.")),
          Map.entry(
              "email-sent",
              Message.of("Check your email: we sent a confirmation link to the new address.")),
          Map.entry("language", Message.of("Language saved.")),
          Map.entry("email", Message.of("Email address changed.")),
          Map.entry(
              "password",
              Message.of("Password changed. You are signed out of all other sessions.")),
          Map.entry("device", Message.of("Device unlinked.")),
          Map.entry("provider", Message.of("Account unlinked.")),
          Map.entry("linked", Message.of("Account linked.")),
          Map.entry("session", Message.of("Session signed out.")),
          Map.entry("sessions", Message.of("Signed out of all other sessions.")),
          Map.entry("friend-requested", Message.of("Friend request sent.")),
          Map.entry("friend-added", Message.of("You are friends now.")),
          Map.entry("friend-accept", Message.of("Friend request accepted.")),
          Map.entry("friend-reject", Message.of("Friend request declined.")),
          Map.entry("friend-block", Message.of("Player blocked.")),
          Map.entry("friend-unblock", Message.of("Player unblocked.")),
          Map.entry("friend-remove", Message.of("Removed.")),
          Map.entry("group-created", Message.of("Group created.")),
          Map.entry("group-saved", Message.of("Group saved.")),
          Map.entry("group-joined", Message.of("You joined the group.")),
          Map.entry(
              "group-requested",
              Message.of("You have asked to join. An admin of the group decides.")),
          Map.entry("group-cancelled", Message.of("Request withdrawn.")),
          Map.entry("group-left", Message.of("You left the group.")),
          Map.entry("group-invited", Message.of("Invite sent.")),
          Map.entry("group-approved", Message.of("The player is a member now.")),
          Map.entry("group-rejected", Message.of("Request declined.")),
          Map.entry("group-kicked", Message.of("Member removed.")),
          Map.entry("group-promoted", Message.of("The member is an admin now.")),
          Map.entry("group-demoted", Message.of("The admin is a member now.")),
          Map.entry("invite-accepted", Message.of("Invite accepted.")),
          Map.entry("invite-declined", Message.of("Invite declined.")),
          Map.entry("invite-cancelled", Message.of("Invite withdrawn.")),
          Map.entry("notification-read", Message.of("Marked as read.")),
          Map.entry("notification-deleted", Message.of("Notification deleted.")),
          Map.entry("notifications-read", Message.of("All marked as read.")),
          Map.entry("notifications-deleted", Message.of("Notifications deleted.")),
          Map.entry("kinds", Message.of("Saved.")),
          Map.entry("time-zone", Message.of("Time zone saved.")),
          Map.entry("message-deleted", Message.of("Message deleted.")),
          Map.entry("reported", Message.of("Thank you. Moderators will look at it.")),
          Map.entry("muted", Message.of("Muted.")),
          Map.entry("unmuted", Message.of("Not muted any more.")),
          Map.entry("message-edited", Message.of("Message changed.")),
          Map.entry("signed-out", Message.of("You are signed out.")),
          Map.entry("deleted", Message.of("Your account was deleted.")));

  private static final Map<String, Message> FAILURES =
      Map.ofEntries(
          Map.entry("invalid_credentials", Message.of("Email or password is incorrect.")),
          Map.entry(
              "invalid_token",
              Message.of(
                  "This link was already used, has expired, or was replaced by a newer one."
                      + " Request a new link.")),
          Map.entry(
              "reauthentication_required",
              Message.of("For your security, enter your current password to make this change.")),
          Map.entry(
              "invalid_state",
              Message.of(
                  "This sign-in has expired or was started in another browser. Start again.")),
          Map.entry("cancelled", Message.of("The sign-in was cancelled.")),
          Map.entry("not_vouched", Message.of("The provider could not confirm your identity.")),
          Map.entry(
              "profile_incomplete", Message.of("The provider did not send the required profile.")),
          Map.entry("provider_away", Message.of("The provider is not available. Try again later.")),
          Map.entry(
              "provider_not_configured",
              Message.of("This provider is not configured on this server.")),
          Map.entry("provider_not_found", Message.of("This provider is not supported.")),
          Map.entry(
              "provider_already_linked",
              Message.of("This account is already linked to another player.")),
          Map.entry("mail_not_configured", Message.of("This server cannot send email.")),
          Map.entry("email_taken", Message.of("This email address is already in use.")),
          Map.entry(
              "last_authentication_method",
              Message.of(
                  "This is your only sign-in method. Add another one before you remove it.")),
          Map.entry(
              "last_provider",
              Message.of("This is your only linked account. Link another one first.")),
          Map.entry(
              "token_audience", Message.of("The provider's answer is meant for another server.")),
          Map.entry("token_issuer", Message.of("The provider's answer names another provider.")),
          Map.entry("token_expired", Message.of("The provider's answer has expired. Start again.")),
          Map.entry(
              "oidc_required",
              Message.of("Admins of this server sign in at their identity provider.")),
          Map.entry("no_group", Message.of("None of your groups has a role on this server.")),
          Map.entry(
              "not_fresh", Message.of("The provider did not ask for your credentials again.")),
          Map.entry("no_role", Message.of("This account has no role on this server.")),
          Map.entry(
              "has_role", Message.of("This account has a role already. Sign in with another one.")),
          Map.entry(
              "role_not_grantable",
              Message.of(
                  "The admin who invited you may not give this role any more. Ask for another"
                      + " link.")),
          Map.entry(
              "role_outlives_yours",
              Message.of(
                  "The admin who invited you may not give this role any more. Ask for another"
                      + " link.")),
          Map.entry("sign_in_ended", Message.of("Your sign-in has ended. Sign in again.")),
          Map.entry("factor_required", Message.of("Enter the code of your authenticator app.")),
          Map.entry("invalid_code", Message.of("This code is not valid, or was used already.")),
          Map.entry("no_factor", Message.of("Set up a second factor first.")),
          Map.entry("invalid_passkey", Message.of("This passkey was not accepted. Try again.")),
          Map.entry(
              "passkey_copied",
              Message.of(
                  "This passkey was refused: its counter went back, so there may be a copy of it."
                      + " Use another factor, and remove it.")),
          Map.entry("passkey_exists", Message.of("This passkey is there already.")),
          Map.entry("too_many_passkeys", Message.of("You have 20 passkeys. Remove one first.")),
          Map.entry(
              "passkeys_not_possible",
              Message.of("Passkeys work over https, and on localhost, only.")),
          Map.entry("factor_exists", Message.of("A second factor is set up already.")),
          Map.entry("setup_closed", Message.of("This server has an owner already.")),
          Map.entry("cannot_friend_self", Message.of("You cannot be your own friend.")),
          Map.entry("blocked", Message.of("One of you has blocked the other.")),
          Map.entry(
              "too_many_friends", Message.of("One of you has as many friends as are allowed.")),
          Map.entry(
              "too_many_pending_requests",
              Message.of("Too many of your friend requests are waiting for an answer.")),
          Map.entry("user_not_found", Message.of("There is no such player.")),
          Map.entry("player_not_found", Message.of("There is no such player.")),
          Map.entry("forbidden", Message.of("This is not allowed, or no longer possible.")),
          Map.entry(
              "muted", Message.of("A moderator has muted you. You cannot write messages now.")),
          Map.entry(
              "message_filtered",
              Message.of("The message was not sent: it has words that are not allowed here.")),
          Map.entry(
              "too_many_reports", Message.of("You have reported as much as is allowed in a day.")),
          Map.entry("too_many_mutes", Message.of("You have muted as much as is allowed.")),
          Map.entry("own_message", Message.of("You cannot report your own message.")),
          Map.entry("not_friends", Message.of("You can only do this with a friend.")),
          Map.entry(
              "too_many_groups_created", Message.of("You manage as many groups as are allowed.")),
          Map.entry("too_many_groups", Message.of("You are in as many groups as are allowed.")),
          Map.entry("not_admin", Message.of("Only admins of the group can do this.")),
          Map.entry("not_member", Message.of("This player is not a member of the group.")),
          Map.entry("max_members_too_low", Message.of("The group has more members than that.")),
          Map.entry("already_member", Message.of("This player is a member of the group already.")),
          Map.entry("already_admin", Message.of("This member is an admin already.")),
          Map.entry("not_joinable", Message.of("This group can be joined by invite only.")),
          Map.entry("full", Message.of("The group is full.")),
          Map.entry("banned", Message.of("This player is banned from the group.")),
          Map.entry("cannot_kick_self", Message.of("You cannot remove yourself. Leave instead.")),
          Map.entry("cannot_promote_self", Message.of("You cannot change your own role.")),
          Map.entry("cannot_demote_self", Message.of("You cannot change your own role.")),
          Map.entry("not_pending", Message.of("This request was answered already.")),
          Map.entry("not_owner", Message.of("This belongs to another player.")),
          Map.entry(
              "too_many_pending_invites",
              Message.of("This player has too many invites that wait for an answer.")),
          Map.entry("no_invite", Message.of("This invite is no longer open.")),
          Map.entry("party_not_found", Message.of("This party no longer exists.")),
          Map.entry("party_full", Message.of("The party is full.")),
          Map.entry("not_in_party", Message.of("You are not in this party.")),
          Map.entry("not_in_lobby", Message.of("You are not in this lobby.")),
          Map.entry("not_in_group", Message.of("You are not in this group.")),
          Map.entry("lobby_full", Message.of("The lobby is full.")),
          Map.entry("lobby_locked", Message.of("The lobby is locked.")),
          Map.entry("already_in_lobby", Message.of("You are in a lobby already. Leave it first.")),
          Map.entry("password_required", Message.of("This lobby needs a password.")),
          Map.entry("invalid_password", Message.of("The password is not correct.")),
          Map.entry("not_host", Message.of("Only the host of the lobby can do this.")),
          Map.entry("in_party", Message.of("You are in a party. Its leader brings you.")),
          Map.entry("lobby_not_found", Message.of("This lobby no longer exists.")),
          Map.entry("leaderboard_not_found", Message.of("There is no such leaderboard.")),
          Map.entry("not_found", Message.of("Not found. It may have been removed.")));

  private Messages() {}

  /** Returns the message of a success code; empty if the code is unknown. */
  static Message success(String code) {
    return SUCCESSES.getOrDefault(code, Message.NONE);
  }

  /** Returns the message of a refusal; empty for invalid fields, which are shown at the fields. */
  static Message failure(Refusal refusal) {
    return switch (refusal) {
      case Invalid _ -> Message.NONE;
      case Denied(var code, var details) when code.equals("account_banned") -> banned(details);
      case Denied(var code, var details) when code.equals("hook_rejected") ->
          Message.of(
              "The game does not allow this: {reason}",
              "reason",
              details.getOrDefault("reason", ""));
      case Denied(var code, var details) when code.equals("no_group_role") ->
          Message.of(
              "Your groups give a role that does not exist on this server: {roles}",
              "roles",
              details.getOrDefault("roles", ""));
      case Limited(var code, var after) when code.equals("slowdown") ->
          Message.of(
              "Slow mode is on here. You can write again in {time}.", "time", describe(after));
      case Limited(_, var after) ->
          Message.of("Too many attempts. Try again in {time}.", "time", describe(after));
      case Missing(var code) -> failureOf(code);
      case Denied(var code, _) -> failureOf(code);
      case Conflict(var code) -> failureOf(code);
      case Unavailable(var code, _) ->
          FAILURES.getOrDefault(code, Message.of("The server is busy. Try again soon."));
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

  private static Message failureOf(String code) {
    return FAILURES.getOrDefault(
        code, Message.of("This is not possible right now ({code}).", "code", code));
  }

  private static Message banned(Map<String, Object> details) {
    Object until = details.getOrDefault("banned_until", "");
    Object reason = details.getOrDefault("message", "");
    return until.equals("")
        ? Message.of("This account is banned permanently: {reason}", "reason", reason)
        : Message.of(
            "This account is banned until {time}: {reason}", "time", until, "reason", reason);
  }

  private static Message describe(Duration after) {
    long seconds = Math.max(1, after.plusMillis(999).toSeconds());
    return seconds < 120
        ? Message.plural("{count} second", "{count} seconds", seconds)
        : Message.plural("{count} minute", "{count} minutes", (seconds + 59) / 60);
  }
}
