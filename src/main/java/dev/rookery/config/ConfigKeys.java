package dev.rookery.config;

import dev.rookery.base.Limits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of the configuration, which are the components of its records, and their variables. */
final class ConfigKeys {
  /** Environment variables under which other servers know the limits. */
  private static final Map<String, String> LIMITS =
      Map.ofEntries(
          Map.entry("displayNameMax", "LIMIT_MAX_DISPLAY_NAME"),
          Map.entry("emailMax", "LIMIT_MAX_EMAIL"),
          Map.entry("deviceIdMax", "LIMIT_MAX_DEVICE_ID"),
          Map.entry("passwordMin", "MIN_PASSWORD_LENGTH"),
          Map.entry("metadataBytesMax", "LIMIT_MAX_METADATA_SIZE"),
          Map.entry("pageSizeMax", "LIMIT_MAX_PAGE_SIZE"),
          Map.entry("lobbyTitleMax", "LIMIT_MAX_LOBBY_TITLE"),
          Map.entry("lobbySeatsMax", "LIMIT_MAX_LOBBY_USERS"),
          Map.entry("lobbyPasswordMax", "LIMIT_MAX_LOBBY_PASSWORD"),
          Map.entry("chatContentMax", "LIMIT_MAX_CHAT_CONTENT"),
          Map.entry("friendsMax", "LIMIT_MAX_FRIENDS_PER_USER"),
          Map.entry("friendRequestsMax", "LIMIT_MAX_PENDING_FRIEND_REQUESTS"),
          Map.entry("notificationsMax", "LIMIT_MAX_NOTIFICATIONS_PER_USER"),
          Map.entry("notificationTitleMax", "LIMIT_MAX_NOTIFICATION_TITLE"),
          Map.entry("notificationContentMax", "LIMIT_MAX_NOTIFICATION_CONTENT"),
          Map.entry("groupTitleMax", "LIMIT_MAX_GROUP_TITLE"),
          Map.entry("groupDescriptionMax", "LIMIT_MAX_GROUP_DESCRIPTION"),
          Map.entry("groupMembersMax", "LIMIT_MAX_GROUP_MEMBERS"),
          Map.entry("groupsMax", "LIMIT_MAX_GROUPS_PER_USER"),
          Map.entry("groupsAdminMax", "LIMIT_MAX_GROUPS_CREATED_PER_USER"),
          Map.entry("groupInvitesMax", "LIMIT_MAX_GROUP_PENDING_INVITES"),
          Map.entry("leaderboardTitleMax", "LIMIT_MAX_LEADERBOARD_TITLE"),
          Map.entry("leaderboardDescriptionMax", "LIMIT_MAX_LEADERBOARD_DESCRIPTION"),
          Map.entry("leaderboardSlugMax", "LIMIT_MAX_LEADERBOARD_SLUG"),
          Map.entry("partySizeMax", "LIMIT_MAX_PARTY_SIZE"),
          Map.entry("partyInvitesMax", "LIMIT_MAX_PARTY_PENDING_INVITES"));

  /** Kept, because a component makes its accessor and its annotations when it is first asked. */
  private static final ClassValue<List<RecordComponent>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          return List.of(type.getRecordComponents());
        }
      };

  private ConfigKeys() {}

  /** Every key with its environment variables, the derived one last. */
  static Map<String, List<String>> all() {
    var keys = new LinkedHashMap<String, List<String>>();
    collect("", NodeConfig.class, keys);
    return keys;
  }

  private static void collect(String parent, Class<?> type, Map<String, List<String>> keys) {
    for (RecordComponent component : components(type)) {
      String key = NodeConfig.key(parent, component.getName());
      if (isSection(component)) {
        collect(key, component.getType(), keys);
      } else {
        keys.put(key, environmentNames(key, component));
      }
    }
  }

  /** The components of a record, in their order. */
  static List<RecordComponent> components(Class<?> record) {
    return COMPONENTS.get(record);
  }

  /** Whether a component has keys of its own below it. */
  static boolean isSection(RecordComponent component) {
    return component.getType().isRecord() && component.getType() != Secret.class;
  }

  /** The environment variables that set a key, in the order in which they are asked. */
  static List<String> environmentNames(String key, RecordComponent component) {
    var names = new ArrayList<String>();
    Setting setting = component.getAnnotation(Setting.class);
    if (setting != null) {
      names.addAll(List.of(setting.env()));
    }
    if (component.getDeclaringRecord() == Limits.class) {
      String name = LIMITS.get(component.getName());
      if (name != null) {
        names.add(name);
      }
    }
    names.add(NodeConfig.environmentName(key));
    return names;
  }

  /** The value of a component. */
  static @Nullable Object read(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
