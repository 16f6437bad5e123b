package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class ApiDocumentTest {
  private final ApiDocument document = ApiDocument.shared();
  private final JsonObject served = document.forClients("https://play.example", "7.1");

  @Test
  void theDocumentIsValidOpenApi(Vertx vertx) throws Exception {
    // The validating library does not support URL-encoded bodies, whose schemas equal the others,
    // and files.
    JsonObject known = served.copy();
    for (var path : known.getJsonObject("paths")) {
      for (var operation : (JsonObject) path.getValue()) {
        JsonObject body = ((JsonObject) operation.getValue()).getJsonObject("requestBody");
        if (body != null) {
          body.getJsonObject("content").remove("application/x-www-form-urlencoded");
        }
        JsonObject ok =
            ((JsonObject) operation.getValue()).getJsonObject("responses").getJsonObject("200");
        if (ok != null && ok.containsKey("content")) {
          ok.getJsonObject("content").remove("text/csv");
          ok.getJsonObject("content").remove("application/x-ndjson");
        }
      }
    }
    OpenAPIContract read = OpenAPIContract.from(vertx, known).await(1, TimeUnit.MINUTES);
    assertThat(read.operations()).hasSameSizeAs(document.operations());
  }

  /** A shape that no test happens to provoke is as binding as the others. */
  @Test
  void theErrorsOfEachFieldAndRefusalAreDocumented() {
    var checks = new SoftAssertions();
    for (Operation operation : document.operations()) {
      for (Field field : operation.fields()) {
        if (!field.lenient()) {
          errorsOf(operation, field)
              .forEach(
                  shape ->
                      checks
                          .assertThatCode(
                              () ->
                                  ResponseValidator.check(
                                      operation,
                                      shape,
                                      Map.of(field.name(), List.of("is invalid"))))
                          .doesNotThrowAnyException());
        }
      }
      operation
          .refusals()
          .forEach(
              (code, shape) ->
                  checks
                      .assertThatCode(
                          () ->
                              ResponseValidator.check(
                                  operation, shape, Map.of("name", List.of(code))))
                      .doesNotThrowAnyException());
    }
    checks.assertAll();
  }

  /** Path parameters are always there. */
  private static List<ErrorShape> errorsOf(Operation operation, Field field) {
    var shapes = new ArrayList<ErrorShape>();
    if (field.errorsBy() != null) {
      shapes.addAll(field.errorsBy().errors().values());
    } else if (field.type() != FieldType.ANY || !field.allowed().isEmpty()) {
      shapes.add(field.invalid() == null ? operation.invalid() : field.invalid());
    }
    if (field.required() && !field.fromPath() && field.errorsBy() == null) {
      shapes.add(field.missing() == null ? operation.missing() : field.missing());
    }
    return shapes;
  }

  /** What no route decides: the token, the form of the address and the body, and an outage. */
  @Test
  void theErrorsThatAllRoutesShareAreDocumented() {
    var checks = new SoftAssertions();
    for (Operation operation : document.operations()) {
      for (ErrorShape shape : sharedErrors(operation)) {
        checks
            .assertThatCode(() -> ResponseValidator.check(operation, shape, Map.of()))
            .doesNotThrowAnyException();
      }
    }
    checks.assertAll();
  }

  private static List<ErrorShape> sharedErrors(Operation operation) {
    var shapes = new ArrayList<>(List.of(ErrorShape.bare(406)));
    boolean hasBody = !operation.method().equals(HttpMethod.GET);
    if (hasBody || !operation.fields().isEmpty()) {
      shapes.add(ErrorShape.bare(400));
    }
    if (hasBody) {
      shapes.add(ErrorShape.bare(413));
    }
    if (operation.access() != Operation.Access.PUBLIC) {
      shapes.add(ErrorShape.of(401, "Authentication failed"));
      shapes.add(ErrorShape.of(503, "unavailable"));
    }
    if (operation.access() == Operation.Access.ADMIN) {
      shapes.add(ErrorShape.of(403, "forbidden"));
    }
    return shapes;
  }

  @Test
  void keepsTheOperationIdsOfGeneratedClients() {
    assertThat(document.operations())
        .extracting(Operation::id)
        .containsExactlyInAnyOrder(
            "index",
            "search_users",
            "get_user",
            "login",
            "device_login",
            "register",
            "refresh_token",
            "logout",
            "list_lobbies",
            "get_current_user",
            "delete_current_user",
            "export_current_user",
            "get_lobby",
            "create_lobby",
            "show_party",
            "create_party",
            "update_party",
            "leave_party",
            "kick_party_member",
            "invite_to_party",
            "cancel_party_invite",
            "accept_party_invite",
            "decline_party_invite",
            "list_party_invitations",
            "list_sent_party_invitations",
            "party_create_lobby",
            "party_join_lobby",
            "quick_join",
            "update_lobby",
            "join_lobby",
            "leave_lobby",
            "kick_user",
            "update_current_user_password",
            "update_current_user_display_name",
            "unlink_provider",
            "link_device",
            "unlink_device",
            "request_login_link",
            "redeem_login_token",
            "request_password_reset",
            "reset_password",
            "request_email_change",
            "confirm_email_change",
            "oauth_request",
            "oauth_session_status",
            "oauth_api_callback",
            "oauth_callback_api_apple_ios",
            "oauth_google_id_token",
            "list_my_sessions",
            "end_my_session",
            "end_my_other_sessions",
            "admin_list_users",
            "admin_get_user",
            "admin_get_lobby",
            "admin_get_group",
            "admin_get_leaderboard",
            "admin_get_achievement",
            "admin_get_user_timeline",
            "admin_view_as_user",
            "admin_list_user_connections",
            "admin_disconnect_user",
            "admin_list_user_notes",
            "admin_add_user_note",
            "admin_delete_user_note",
            "admin_export_audit",
            "admin_export_list",
            "admin_list_bulk_jobs",
            "admin_get_bulk_job",
            "admin_list_bulk_rows",
            "admin_cancel_bulk_job",
            "admin_select_users_ban",
            "admin_start_users_ban",
            "admin_select_users_unban",
            "admin_start_users_unban",
            "admin_select_users_sign_out",
            "admin_start_users_sign_out",
            "admin_select_users_notify",
            "admin_start_users_notify",
            "admin_select_users_delete",
            "admin_start_users_delete",
            "admin_select_sessions_end",
            "admin_start_sessions_end",
            "admin_select_friends_remove",
            "admin_start_friends_remove",
            "admin_select_groups_delete",
            "admin_start_groups_delete",
            "admin_select_lobbies_close",
            "admin_start_lobbies_close",
            "admin_select_kv_delete",
            "admin_start_kv_delete",
            "admin_select_notifications_delete",
            "admin_start_notifications_delete",
            "admin_select_chat_delete",
            "admin_start_chat_delete",
            "admin_drain_node",
            "admin_list_broadcasts",
            "admin_create_broadcast",
            "admin_get_broadcast",
            "admin_cancel_broadcast",
            "list_mutes",
            "mute",
            "unmute",
            "report_chat_message",
            "report_user",
            "admin_list_friendships",
            "admin_delete_friendship",
            "admin_list_chat_reports",
            "admin_get_chat_report",
            "admin_decide_chat_report",
            "admin_list_chat_mutes",
            "admin_mute_user",
            "admin_unmute_user",
            "admin_list_chat_filters",
            "admin_create_chat_filter",
            "admin_test_chat_filter",
            "admin_update_chat_filter",
            "admin_delete_chat_filter",
            "admin_list_parties",
            "admin_get_party",
            "admin_create_party",
            "admin_update_party",
            "admin_delete_party",
            "admin_kick_party_member",
            "admin_list_group_members",
            "admin_change_group_member",
            "admin_remove_group_member",
            "admin_create_lobby",
            "admin_add_lobby_member",
            "admin_remove_lobby_member",
            "admin_set_user_email",
            "admin_unlink_user",
            "admin_remove_factor",
            "admin_list_views",
            "admin_save_view",
            "admin_change_view",
            "admin_delete_view",
            "admin_test_email",
            "admin_set_log_level",
            "admin_list_traces",
            "admin_get_trace",
            "admin_forget_limited",
            "admin_update_user",
            "admin_delete_user",
            "admin_ban_user",
            "admin_get_sample_data",
            "admin_create_sample_data",
            "admin_delete_sample_data",
            "admin_list_test_players",
            "admin_create_test_player",
            "admin_create_test_token",
            "admin_delete_test_player",
            "admin_cluster",
            "admin_fence_node",
            "admin_list_drills",
            "admin_start_drill",
            "admin_get_drill",
            "admin_list_backups",
            "admin_create_backup",
            "admin_delete_backup",
            "admin_download_backup",
            "admin_move_lease",
            "admin_list_move_plans",
            "admin_plan_moves",
            "admin_get_move_plan",
            "admin_run_moves",
            "admin_cancel_moves",
            "list_hooks",
            "call_hook",
            "admin_get_match",
            "admin_close_match",
            "admin_end_match",
            "admin_reset_match",
            "admin_list_matchmaking_pools",
            "admin_list_matchmaking_tickets",
            "admin_get_matchmaking_ticket",
            "admin_cancel_matchmaking_ticket",
            "admin_simulate_matchmaking",
            "admin_call_extension_function",
            "admin_run_script",
            "admin_run_script_live",
            "admin_check_script",
            "admin_get_theme",
            "admin_reload_theme",
            "admin_list_kv_schemas",
            "admin_create_kv_schema",
            "admin_get_kv_schema",
            "admin_update_kv_schema",
            "admin_delete_kv_schema",
            "admin_examine_kv_schema",
            "admin_check_kv_value",
            "admin_list_relay_rooms",
            "admin_close_relay_room",
            "admin_list_jobs",
            "admin_run_job",
            "admin_list_sweeps",
            "admin_run_sweep",
            "admin_list_load_tests",
            "admin_start_load_test",
            "admin_get_load_test",
            "admin_cancel_load_test",
            "admin_remove_load_players",
            "admin_list_extensions",
            "admin_upload_extension",
            "admin_remove_extension",
            "admin_rollback_extension",
            "admin_list_games",
            "admin_deploy_game",
            "admin_activate_game",
            "admin_remove_game",
            "admin_list_scripts",
            "admin_list_translation_languages",
            "admin_list_translations",
            "admin_export_translations",
            "admin_get_translation",
            "admin_edit_translation",
            "admin_reset_translation",
            "admin_put_script",
            "admin_remove_script",
            "admin_roll_back_script",
            "admin_end_guest",
            "admin_list_matches",
            "admin_match_timeline",
            "admin_match_at",
            "admin_fork_match",
            "admin_list_parked_profile_changes",
            "admin_retry_parked_profile_change",
            "admin_drop_parked_profile_change",
            "admin_list_extension_schedules",
            "admin_run_extension_schedule",
            "admin_list_parked_changes",
            "admin_retry_parked_change",
            "admin_drop_parked_change",
            "admin_unban_user",
            "admin_list_admins",
            "admin_set_role",
            "admin_remove_role",
            "admin_list_roles",
            "admin_put_role",
            "admin_delete_role",
            "admin_list_invites",
            "admin_create_invite",
            "admin_cancel_invite",
            "admin_list_keys",
            "admin_create_key",
            "admin_revoke_key",
            "admin_rotate_key",
            "admin_list_audit",
            "admin_read_stream",
            "admin_read_stream_frames",
            "admin_test_resume",
            "admin_list_sessions",
            "admin_list_lobbies",
            "admin_update_lobby",
            "admin_delete_lobby",
            "admin_list_notifications",
            "admin_create_notification",
            "admin_delete_notification",
            "admin_delete_session",
            "admin_list_user_sessions",
            "admin_delete_user_sessions",
            "list_chat_messages",
            "get_chat_message",
            "send_chat_message",
            "update_chat_message",
            "delete_chat_message",
            "mark_chat_read",
            "chat_unread_count",
            "chat_unread_counts",
            "admin_list_chat_messages",
            "admin_delete_chat_message",
            "admin_delete_chat_conversation",
            "list_leaderboards",
            "resolve_leaderboard_slugs",
            "get_leaderboard",
            "list_leaderboard_records",
            "list_records_around_user",
            "get_my_record",
            "list_friends_records",
            "admin_create_leaderboard",
            "admin_update_leaderboard",
            "admin_end_leaderboard",
            "admin_delete_leaderboard",
            "admin_submit_leaderboard_score",
            "admin_update_leaderboard_record",
            "admin_delete_leaderboard_record",
            "admin_delete_leaderboard_user_record",
            "list_groups",
            "create_group",
            "list_my_groups",
            "list_group_invitations",
            "accept_group_invite",
            "decline_group_invite",
            "list_sent_invitations",
            "cancel_group_invite",
            "get_group",
            "update_group",
            "list_group_members",
            "join_group",
            "leave_group",
            "kick_group_member",
            "promote_group_member",
            "demote_group_member",
            "invite_to_group",
            "notify_group",
            "list_join_requests",
            "cancel_join_request",
            "approve_join_request",
            "reject_join_request",
            "admin_list_groups",
            "admin_update_group",
            "admin_delete_group",
            "create_friend_request",
            "list_friends",
            "list_friend_requests",
            "list_blocked_friends",
            "accept_friend_request",
            "reject_friend_request",
            "block_friend_request",
            "unblock_friend",
            "remove_friendship",
            "list_achievements",
            "get_achievement",
            "my_achievements",
            "user_achievements",
            "admin_list_achievements",
            "admin_create_achievement",
            "admin_update_achievement",
            "admin_delete_achievement",
            "admin_grant_achievement",
            "admin_revoke_achievement",
            "admin_unlock_achievement",
            "admin_increment_achievement",
            "get_kv",
            "put_my_kv",
            "delete_my_kv",
            "admin_list_kv_entries",
            "admin_create_kv_entry",
            "admin_update_kv_entry",
            "admin_delete_kv_entry",
            "admin_upsert_kv",
            "admin_delete_kv",
            "list_notifications",
            "send_notification",
            "delete_notifications",
            "mark_notification_read",
            "get_notification_settings",
            "update_notification_settings");
  }

  @Test
  void servesTheTitleTheVersionAndTheUrl() {
    assertThat(served.getString("openapi")).startsWith("3.0");
    assertThat(served.getJsonObject("info").getString("title")).isEqualTo("Rookery");
    assertThat(served.getJsonObject("info").getString("version")).isEqualTo("7.1");
    assertThat(served.getJsonArray("servers").getJsonObject(0).getString("url"))
        .isEqualTo("https://play.example");
    assertThat(served.getJsonObject("paths").fieldNames())
        .allMatch(path -> path.startsWith("/api/"));
    assertThat(served.getJsonObject("components").getJsonObject("securitySchemes").fieldNames())
        .containsExactly("authorization");
  }

  @Test
  void documentsEveryStatusOfEveryOperation() {
    for (Operation operation : document.operations()) {
      var documented = documented(operation);
      var shapes = new ArrayList<>(operation.refusals().values());
      if (!operation.fields().isEmpty()) {
        operation.fields().stream()
            .filter(Field::required)
            .findAny()
            .filter(field -> field.missing() == null && field.errorsBy() == null)
            .ifPresent(_ -> shapes.add(operation.missing()));
        operation.fields().stream()
            .map(Field::invalid)
            .filter(Objects::nonNull)
            .forEach(shapes::add);
        operation.fields().stream()
            .map(Field::errorsBy)
            .filter(Objects::nonNull)
            .forEach(by -> shapes.addAll(by.errors().values()));
        if (operation.fields().stream()
            .anyMatch(f -> f.invalid() == null && f.errorsBy() == null && !f.lenient())) {
          shapes.add(operation.invalid());
        }
      }
      assertThat(documented)
          .as(operation.id())
          .containsAll(shapes.stream().map(shape -> Integer.toString(shape.status())).toList())
          .contains("406", "429");
      if (operation.access() == Operation.Access.REQUIRED) {
        assertThat(documented).as(operation.id()).contains("401");
      }
      if (operation.access() == Operation.Access.ADMIN) {
        assertThat(documented).as(operation.id()).contains("401", "403");
      }
      if (!operation.method().name().equals("GET")) {
        assertThat(documented).as(operation.id()).contains("400", "413");
      }
    }
  }

  private List<String> documented(Operation operation) {
    String template = operation.path().replaceAll(":(\\w+)", "{$1}");
    return List.copyOf(
        served
            .getJsonObject("paths")
            .getJsonObject(template)
            .getJsonObject(operation.method().name().toLowerCase(Locale.ROOT))
            .getJsonObject("responses")
            .fieldNames());
  }
}
