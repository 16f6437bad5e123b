package dev.rookery.extensionhost;

import java.util.Set;

/**
 * The 43 names of lifecycle hooks, which no function may have and no client may call (Gamend
 * realtime contract, section 4.3).
 */
public final class ReservedNames {
  private static final Set<String> NAMES =
      Set.of(
          "before_user_update",
          "before_lobby_create",
          "before_lobby_join",
          "before_lobby_leave",
          "before_lobby_update",
          "before_lobby_delete",
          "before_user_kicked",
          "before_group_create",
          "before_group_join",
          "before_group_update",
          "before_party_create",
          "before_party_update",
          "before_chat_message",
          "before_kv_get",
          "after_startup",
          "before_stop",
          "after_user_register",
          "after_user_login",
          "after_user_updated",
          "after_user_online",
          "after_user_offline",
          "after_lobby_create",
          "after_lobby_join",
          "after_lobby_leave",
          "after_lobby_update",
          "after_lobby_delete",
          "after_user_kicked",
          "after_lobby_host_change",
          "after_group_create",
          "after_group_update",
          "after_group_join",
          "after_group_leave",
          "after_group_delete",
          "after_group_kick",
          "after_party_create",
          "after_party_update",
          "after_party_join",
          "after_party_leave",
          "after_party_kick",
          "after_party_disband",
          "after_chat_message",
          "after_achievement_unlocked",
          "on_custom_hook");

  private ReservedNames() {}

  public static boolean contains(String name) {
    return NAMES.contains(name);
  }
}
