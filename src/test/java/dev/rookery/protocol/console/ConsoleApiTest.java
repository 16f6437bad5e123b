package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each write of the console is an operation of the API that needs the same permission. */
final class ConsoleApiTest {
  /** The operations that do what an action of the console does, by the path of the action. */
  private static final Map<String, List<String>> OPERATIONS = operations();

  /** Actions that are about the browser or the sign-in of the admin, with the reason. */
  private static final Map<String, String> WITHOUT_OPERATION =
      Map.ofEntries(
          Map.entry("/admin/appearance", "a cookie of the browser"),
          Map.entry("/admin/end-session", "signs the browser out"),
          Map.entry("/admin/sign-out", "signs the browser out"),
          Map.entry("/admin/me/sessions/:session/end", "a sign-in to the console"),
          Map.entry("/admin/me/passkeys/:passkey/remove", "a factor of the sign-in"),
          Map.entry("/admin/me/api-code", "a press of a passkey in the browser"),
          Map.entry("/admin/live/ticket", "opens the socket of a page"),
          Map.entry("/admin/kv/diff", "compares what is typed, and changes nothing"),
          Map.entry(
              "/admin/explorer/token", "a token for the page, which a client of the API has"));

  private static final Pattern SELECT = Pattern.compile("/admin/([a-z-]+)/all-([a-z-]+)");
  private static final Pattern START = Pattern.compile("/admin/bulk/:job/([a-z-]+)\\.([a-z-]+)");

  private static Map<String, List<String>> operations() {
    Map<String, List<String>> all = new TreeMap<>();
    for (String line :
        """
        achievements/new admin_create_achievement
        achievements/delete admin_delete_achievement
        achievements/:id/edit admin_update_achievement
        achievements/:id/delete admin_delete_achievement
        achievements/:id/grant admin_grant_achievement admin_unlock_achievement
        achievements/:id/revoke admin_revoke_achievement
        admins/role admin_set_role
        admins/:id/remove admin_remove_role
        admins/:id/factor admin_remove_factor
        invites/create admin_create_invite
        invites/:invite/cancel admin_cancel_invite
        roles/copy admin_put_role
        roles/:name/save admin_put_role
        roles/:name/delete admin_delete_role
        chat/delete admin_delete_chat_message
        chat/conversation/delete admin_delete_chat_conversation
        chat/:id/delete admin_delete_chat_message
        chat/queue/:id/dismiss admin_decide_chat_report
        chat/queue/:id/delete admin_decide_chat_report
        chat/queue/:id/mute admin_mute_user
        chat/mutes/new admin_mute_user
        chat/mutes/:id/lift admin_unmute_user
        chat/filter/test admin_test_chat_filter
        chat/filter/new admin_create_chat_filter
        chat/filter/:id admin_update_chat_filter
        chat/filter/:id/delete admin_delete_chat_filter
        friends/:id/remove admin_delete_friendship
        email/test admin_test_email
        extensions/upload admin_upload_extension
        extensions/:name/activate/:digest admin_rollback_extension
        extensions/:name/rollback admin_rollback_extension
        extensions/:name/remove admin_remove_extension
        extensions/:name/functions/:function/call admin_call_extension_function
        games/upload admin_deploy_game
        groups/delete admin_delete_group
        groups/:id/edit admin_update_group
        groups/:id/delete admin_delete_group
        groups/:id/members/:player/:role admin_change_group_member admin_remove_group_member
        jobs/:job/run admin_run_job
        keys/create admin_create_key
        keys/:key/rotate admin_rotate_key
        keys/:key/revoke admin_revoke_key
        kv/new admin_create_kv_entry
        kv/edit admin_update_kv_entry admin_upsert_kv
        kv/form admin_update_kv_entry admin_upsert_kv
        kv/check admin_check_kv_value
        kv/schemas/new admin_create_kv_schema
        kv/schemas/:id admin_update_kv_schema
        kv/schemas/:id/delete admin_delete_kv_schema
        kv/:id/delete admin_delete_kv_entry
        kv/delete admin_delete_kv_entry
        leaderboards/new admin_create_leaderboard
        leaderboards/delete admin_delete_leaderboard
        leaderboards/:id/edit admin_update_leaderboard
        leaderboards/:id/end admin_end_leaderboard
        leaderboards/:id/delete admin_delete_leaderboard
        leaderboards/:id/records admin_submit_leaderboard_score
        leaderboards/:id/records/:record/delete admin_delete_leaderboard_record
        limits/:network/forget admin_forget_limited
        lobbies/new admin_create_lobby
        lobbies/close admin_delete_lobby
        lobbies/:id/edit admin_update_lobby
        lobbies/:id/password admin_update_lobby
        lobbies/:id/close admin_delete_lobby
        lobbies/:id/members/add admin_add_lobby_member
        lobbies/:id/members/:player/remove admin_remove_lobby_member
        logs/level admin_set_log_level
        notifications/new admin_create_notification
        notifications/delete admin_delete_notification
        notifications/:id/delete admin_delete_notification
        parties/new admin_create_party
        parties/disband admin_delete_party
        parties/:id/edit admin_update_party
        parties/:id/disband admin_delete_party
        parties/:id/members/:player/remove admin_kick_party_member
        relay/close admin_close_relay_room
        sample/make admin_create_sample_data
        sample/remove admin_delete_sample_data
        sessions/end admin_delete_session
        sessions/:id/end admin_delete_session
        users/end-sessions admin_delete_user_sessions
        users/unban admin_unban_user
        users/delete admin_delete_user
        users/:id/edit admin_update_user
        users/:id/email admin_set_user_email
        users/:id/ban admin_ban_user
        users/:id/unban admin_unban_user
        users/:id/end-sessions admin_delete_user_sessions
        users/:id/unlink admin_unlink_user
        users/:id/delete admin_delete_user
        users/:id/notes admin_add_user_note
        users/:id/notes/:note/delete admin_delete_user_note
        views admin_save_view
        views/:id admin_change_view
        views/:id/delete admin_delete_view
        notifications/broadcasts/new admin_create_broadcast
        notifications/broadcasts/:id/cancel admin_cancel_broadcast
        cluster/drain admin_drain_node
        cluster/fence admin_fence_node
        cluster/move admin_move_lease
        cluster/moves/share admin_plan_moves
        cluster/moves/balance admin_plan_moves
        cluster/moves/:plan/run admin_run_moves
        cluster/moves/:plan/cancel admin_cancel_moves
        cluster/drills admin_start_drill
        backups admin_create_backup
        backups/:backup/download admin_download_backup
        backups/:backup/delete admin_delete_backup
        chat/filter/test admin_test_chat_filter
        chat/filter/new admin_create_chat_filter
        chat/filter/:id admin_update_chat_filter
        chat/filter/:id/delete admin_delete_chat_filter
        chat/mutes/new admin_mute_user
        chat/mutes/:id/lift admin_unmute_user
        chat/queue/:id/dismiss admin_decide_chat_report
        chat/queue/:id/delete admin_decide_chat_report
        chat/queue/:id/mute admin_decide_chat_report
        friends/:id/remove admin_delete_friendship
        load/start admin_start_load_test
        load/:run/cancel admin_cancel_load_test
        load/:run/remove admin_remove_load_players
        retention/:sweep/run admin_run_sweep
        theme/reload admin_reload_theme
        bulk/:job/cancel admin_cancel_bulk_job
        test-players admin_create_test_player
        test-players/token admin_create_test_token
        users/:id/token admin_create_test_token
        users/:id/remove-test admin_delete_test_player
        users/:id/connections/:node/:socket/close admin_disconnect_user
        theme/reload admin_reload_theme
        translations/:language/:id admin_edit_translation
        translations/:language/:id/reset admin_reset_translation
        matches/:id/fork admin_fork_match
        matches/:id/close admin_close_match
        matches/:id/end admin_end_match
        matches/:id/reset admin_reset_match
        matchmaking/tickets/:id/cancel admin_cancel_matchmaking_ticket
        matchmaking/simulate admin_simulate_matchmaking
        extensions/:name/parked/:id/retry admin_retry_parked_change
        extensions/:name/parked/:id/drop admin_drop_parked_change
        extensions/:name/schedules/:job/run admin_run_extension_schedule
        scripts/-/new admin_put_script
        scripts/-/check admin_check_script
        scripts/-/try admin_run_script
        scripts/:name/edit admin_put_script
        scripts/:name/run admin_run_script
        scripts/:name/run-live admin_run_script_live
        scripts/:name/rollback admin_roll_back_script
        scripts/:name/delete admin_remove_script
        games/:game/versions/:version/activate admin_activate_game
        games/:game/versions/:version/delete admin_remove_game
        """
            .lines()
            .toList()) {
      String[] words = line.split(" ");
      all.put("/admin/" + words[0], List.of(words).subList(1, words.length));
    }
    return all;
  }

  private static List<Registered> actions() {
    return ConsoleRoutes.all().stream().filter(route -> route.method() == HttpMethod.POST).toList();
  }

  /** The permissions of the operations of the API document, by their ids. */
  private static Map<String, String> permissions() {
    try (InputStream text = ConsoleApiTest.class.getResourceAsStream("/openapi/gamend.yaml")) {
      JsonNode document = new YAMLMapper().readTree(Objects.requireNonNull(text));
      var permissions = new HashMap<String, String>();
      for (JsonNode path : document.get("paths")) {
        for (JsonNode operation : path) {
          permissions.put(
              operation.get("operationId").asText(), operation.path("x-permission").asText());
        }
      }
      return permissions;
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  /** The operation of an action on all rows that match: the selection, and the start of the job. */
  private static Optional<String> bulkOperation(String path) {
    Matcher select = SELECT.matcher(path);
    Matcher start = START.matcher(path);
    if (select.matches()) {
      return Optional.of(
          "admin_select_" + (select.group(1) + "_" + select.group(2)).replace('-', '_'));
    }
    return start.matches()
        ? Optional.of("admin_start_" + (start.group(1) + "_" + start.group(2)).replace('-', '_'))
        : Optional.empty();
  }

  @Test
  void eachActionIsAnOperationWithTheSamePermission() {
    Map<String, String> permissions = permissions();
    var problems = new ArrayList<String>();
    for (Registered action : actions()) {
      if (WITHOUT_OPERATION.containsKey(action.path())) {
        continue;
      }
      String needed =
          action.access() instanceof Access.Needs(var permission) ? permission.text() : "any";
      List<String> operations =
          bulkOperation(action.path())
              .map(List::of)
              .orElseGet(() -> OPERATIONS.getOrDefault(action.path(), List.of()));
      if (operations.isEmpty()) {
        problems.add(action.path() + " (" + needed + ") is not in the table");
      }
      for (String operation : operations) {
        if (!needed.equals(permissions.get(operation))) {
          problems.add(
              action.path()
                  + " needs "
                  + needed
                  + ", "
                  + operation
                  + " "
                  + permissions.get(operation));
        }
      }
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void namesNoActionThatIsGone() {
    List<String> paths = actions().stream().map(Registered::path).toList();
    assertThat(paths).containsAll(OPERATIONS.keySet()).containsAll(WITHOUT_OPERATION.keySet());
  }
}
