package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.console.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Why a request was refused, in words.
 *
 * @param status the HTTP status
 * @param code for programs and support
 * @param details one line each, such as the errors of fields
 */
record ConsoleProblem(
    int status, String title, String lead, String advice, String code, List<String> details) {
  /** The detail of a refusal that says in words what is wrong with an upload. */
  private static final String MESSAGE = "message";

  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("not_found", "There is no such thing, or it was deleted meanwhile."),
          Map.entry(
              "unknown_topic",
              "There is no topic of this name. Topics are called player:7, lobby:12, match:…."),
          Map.entry("page_not_found", "The console has no page at this address."),
          Map.entry("lobby_not_found", "There is no such lobby, or it was closed meanwhile."),
          Map.entry("user_not_found", "There is no player with this id."),
          Map.entry("player_not_found", "There is no player with this id."),
          Map.entry("relay_room_not_found", "Nobody has a socket in this room any more."),
          Map.entry("unknown_room", "There is no such room, or it was deleted meanwhile."),
          Map.entry("unknown_revision", "The match has not come to this revision."),
          Map.entry("room_not_started", "The match of this room has not started."),
          Map.entry("match_not_active", "No match is going on in this room."),
          Map.entry(
              "replay_differs",
              "The log of the match does not give what was stored. Its game may have another"
                  + " behaviour under the same version."),
          Map.entry("unknown_game", "The game of this room is not deployed any more."),
          Map.entry(
              "ticket_not_found", "There is no such ticket: it was matched, cancelled or expired."),
          Map.entry(
              "deployment_in_progress",
              "Another version of this extension is being deployed. Wait until it is decided."),
          Map.entry("retry_in_progress", "Somebody else retries it right now."),
          Map.entry("version_exists", "This version exists with another content."),
          Map.entry("version_active", "New rooms start on this version; activate another first."),
          Map.entry("version_in_use", "There are rooms with this version that are not closed."),
          Map.entry("no_earlier_version", "There is no earlier version."),
          Map.entry("leaderboard_not_found", "There is no such leaderboard."),
          Map.entry("record_not_found", "There is no such record."),
          Map.entry("achievement_not_found", "There is no such achievement."),
          Map.entry("cannot_ban_self", "You cannot ban yourself."),
          Map.entry(
              "cannot_change_own_email",
              "Change your own email at /users/settings, which asks for your password."),
          Map.entry("cannot_demote_self", "You cannot take your own admin rights away."),
          Map.entry("already_unlocked", "The player has this achievement already."),
          Map.entry("leaderboard_ended", "The season has ended, so it takes no more scores."),
          Map.entry("too_small", "There are more members than the new number of seats."),
          Map.entry("cannot_kick_leader", "The leader cannot be removed; disband the party."),
          Map.entry("target_not_in_party", "The player is not in this party."),
          Map.entry("target_not_in_lobby", "The player is not in this lobby."),
          Map.entry("not_member", "The player is not a member of this group."),
          Map.entry("version_conflict", "Somebody else changed it meanwhile."),
          Map.entry("revision_conflict", "Somebody else changed it meanwhile."),
          Map.entry(
              "last_authentication_method",
              "This is the only sign-in method of the player, so it cannot be removed."),
          Map.entry("last_provider", "This is the only linked account of the player."),
          Map.entry(
              "role_not_grantable",
              "The player has a role with permissions that you lack, so this is for an owner."),
          Map.entry(
              "role_outlives_yours",
              "Your own role ends before that, so you cannot give one that lasts longer."),
          Map.entry("permission_not_yours", "You cannot give a key what you may not do yourself."),
          Map.entry("too_many_invites", "You have 50 open invitations; cancel one first."),
          Map.entry("too_many_keys", "You have 20 access keys already; revoke one first."),
          Map.entry("not_your_key", "Only the admin who made the key can get its new secret."),
          Map.entry("built_in_role", "Roles of the release cannot be changed; copy one instead."),
          Map.entry("cannot_change_own_role", "You cannot change the role that you have."),
          Map.entry("role_in_use", "Players have this role, or are invited to it."),
          Map.entry("too_many_roles", "There are 50 roles already; delete one that is not used."),
          Map.entry(
              "step_up_required",
              "Give your second factor again first: open /admin/step-up, then repeat this."),
          Map.entry(
              "last_factor",
              "This is your last second factor, and admins need one. Add another one first."),
          Map.entry("last_owner", "The player is the only owner of this server."),
          Map.entry("sample_data_disabled", "A server in production makes no sample data."),
          Map.entry(
              "sample_data_is_removed", "The sample data is being removed. Wait until it is gone."),
          Map.entry(
              "not_a_test_player",
              "The player is no test player, so nobody but themselves acts as them."),
          Map.entry(
              "marked_player",
              "Test players and players of the sample data have no sign-in method."),
          Map.entry(
              "too_many_test_players", "There are 100 test players. Remove some of them first."),
          Map.entry("the_only_admin", "The player is the only admin of this group."),
          Map.entry("view_not_found", "There is no such view of yours."),
          Map.entry("socket_not_found", "The socket is closed, or its node does not answer."),
          Map.entry("note_not_found", "There is no such note, or it was deleted meanwhile."),
          Map.entry("view_name_taken", "You have a view of this list with that name."),
          Map.entry("too_many_views", "You have as many views as you may."),
          Map.entry("too_many_notes", "There are as many notes as there may be."),
          Map.entry("no_email", "Your account has no email address to send a test to."),
          Map.entry("email_taken", "Another player has this address."),
          Map.entry("email_refused", "The mail server did not accept the email."),
          Map.entry("report_not_found", "There is no such case, or it was removed after 90 days."),
          Map.entry("report_closed", "Another moderator has closed the case meanwhile."),
          Map.entry("no_message", "A player was reported, and no message."),
          Map.entry("rule_not_found", "There is no such rule, or it was deleted meanwhile."),
          Map.entry("too_many_rules", "There are 500 rules. Delete one first."),
          Map.entry("too_many_wildcards", "100 rules have asterisks already."),
          Map.entry(
              "too_many_expressions",
              "20 rules are regular expressions already, or all together take more than 200 steps"
                  + " for each character of a message."),
          Map.entry(
              "nothing_to_end", "A rejected request has no effect, so there is nothing to end."),
          Map.entry("not_muted", "The player is not muted, or the mute has ended."),
          Map.entry("broadcast_not_found", "There is no such broadcast."),
          Map.entry("broadcast_ended", "It has been sent to everybody already."),
          Map.entry("too_many_broadcasts", "20 broadcasts wait or are being sent already."),
          Map.entry("job_not_found", "There is no such job, or it is another admin's."),
          Map.entry("job_running", "The job is still running. Wait until it ends, or cancel it."),
          Map.entry("job_not_ready", "The job was started, cancelled or replaced meanwhile."),
          Map.entry("too_many_selections", "The node counts the rows of as many jobs as it may."),
          Map.entry("too_many_exports", "The node sends as many downloads as it may."),
          Map.entry("lease_not_found", "No node owns this: it has ended, or never existed."),
          Map.entry("node_not_found", "No living node has this name."),
          Map.entry("run_changed", "This run of the node has ended meanwhile."),
          Map.entry("backup_not_found", "There is no such backup, or its file is gone."),
          Map.entry("backup_running", "A backup is being made. Wait until it has ended."),
          Map.entry(
              "backup_not_available",
              "The node cannot make one: pg_dump is not on its PATH, or it does not answer."),
          Map.entry("drills_disabled", "Drills are off: set drills.enabled on every node."),
          Map.entry("drill_not_found", "There is no such drill."),
          Map.entry("trace_not_found", "No node keeps this trace, or not any more."),
          Map.entry("drill_running", "A drill is under way. Wait until it has ended."),
          Map.entry("too_few_nodes", "A drill needs three nodes that are ready."),
          Map.entry(
              "too_many_players",
              "The node has a larger share of the players than drills.playersPercentMax."),
          Map.entry(
              "fault_not_available",
              "This node cannot have that fault: the first process of a container, or one without"
                  + " a shell, cannot be paused; to cut one off, all nodes need PostgreSQL and this"
                  + " release."),
          Map.entry("node_not_ready", "This node starts, drains or does not answer."),
          Map.entry("no_owner", "No living node owns it now; one takes it over in a moment."),
          Map.entry("already_there", "This node owns it already."),
          Map.entry("not_movable", "It is bound to its node and cannot be moved."),
          Map.entry("no_ready_node", "There is no other node that is ready."),
          Map.entry("nothing_to_move", "The nodes are balanced, or own nothing that can move."),
          Map.entry("plan_not_found", "There is no such plan, or it was removed after 30 days."),
          Map.entry("plan_not_ready", "It was started or cancelled, or is older than an hour."),
          Map.entry("plan_running", "Another plan is being carried out. Wait, or cancel it."),
          Map.entry("in_lobby", "The player is in a lobby."),
          Map.entry("in_party", "The player is in a party."));

  static ConsoleProblem noPermission(Permission permission) {
    return new ConsoleProblem(
        403,
        "You may not do this",
        "This needs the permission " + permission.text() + ", which your role does not have.",
        "An owner can grant it under Admins and roles.",
        "missing_permission",
        List.of(permission.text()));
  }

  /** The page that shows the problem. */
  ConsoleView view() {
    return new ConsoleView.Render(status, "error", title, Map.of("problem", this));
  }

  static ConsoleProblem expiredForm() {
    return new ConsoleProblem(
        403,
        "This form has expired",
        "Nothing was changed.",
        "Go back, reload the page and try again.",
        "expired_form",
        List.of());
  }

  static ConsoleProblem of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Missing(var code) ->
          new ConsoleProblem(
              404,
              "Not found",
              text(code),
              "Check the address, or search for it.",
              code,
              List.of());
      case Refusal.Denied(var code, var details) when details.get(MESSAGE) instanceof String why ->
          new ConsoleProblem(
              422,
              "It cannot be used",
              "Nothing was changed.",
              "Correct it and try again.",
              code,
              List.of(why));
      case Refusal.Denied(var code, var details) when code.equals("backup_node_silent") ->
          new ConsoleProblem(
              503,
              "The node does not answer",
              "The node " + details.get("node") + " keeps this file.",
              "Start it, or wait until it is back, and try again.",
              code,
              List.of());
      case Refusal.Denied(var code, var details) ->
          details.get("permission") instanceof String permission
              ? Permission.of(permission)
                  .map(ConsoleProblem::noPermission)
                  .orElseGet(() -> refused(403, code))
              : refused(403, code);
      case Refusal.Conflict(var code) -> refused(409, code);
      case Refusal.Invalid(var code, var fields) ->
          new ConsoleProblem(
              422,
              "Some values are not valid",
              "Nothing was changed.",
              "Go back and correct these fields.",
              code,
              lines(fields));
      case Refusal.Limited(var code, var after) ->
          new ConsoleProblem(
              429,
              "Too many attempts",
              "Nothing was changed.",
              "Try again in " + seconds(after) + " seconds.",
              code,
              List.of());
      case Refusal.Unavailable unavailable when isTooSlow(unavailable) ->
          new ConsoleProblem(
              503,
              "This takes too long",
              "The database had to look through too many rows, or other pages of the console were"
                  + " doing that. It was stopped, so that the game does not wait for it.",
              "Add another filter of the list, so that fewer rows are read, or try again in a"
                  + " moment.",
              unavailable.code(),
              List.of());
      case Refusal.Unavailable(var code, _) when code.equals("email_refused") ->
          new ConsoleProblem(
              503,
              "The email was not accepted",
              text(code),
              "See what it said under Email, correct the settings, and restart the node.",
              code,
              List.of());
      case Refusal.Unavailable(var code, _) ->
          new ConsoleProblem(
              503,
              "The server is busy",
              "Nothing was changed.",
              "Try again in a moment; your browser goes back to what you typed. If this goes on,"
                  + " look at the database and the logs.",
              code,
              List.of());
    };
  }

  /** Whether a read was stopped because it took too long, or because others did. */
  static boolean isTooSlow(Refusal refusal) {
    return refusal.code().equals("read_timeout") || refusal.code().equals("read_busy");
  }

  /** Returns the text of a refusal for the form that it is about; empty for invalid fields. */
  static String text(Refusal refusal) {
    return refusal instanceof Refusal.Invalid ? "" : text(refusal.code());
  }

  /** Returns the errors of fields as lines. */
  static List<String> lines(Map<String, List<String>> fields) {
    return fields.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(field -> field.getKey() + " " + String.join(", ", field.getValue()))
        .toList();
  }

  private static ConsoleProblem refused(int status, String code) {
    return new ConsoleProblem(
        status,
        "The action was refused",
        text(code),
        "Nothing was changed. Reload the page to see how things are now.",
        code,
        List.of());
  }

  private static String text(String code) {
    return TEXTS.getOrDefault(code, "It is not possible right now (" + code + ").");
  }

  private static long seconds(Duration after) {
    return Math.max(1, after.plusMillis(999).toSeconds());
  }
}
