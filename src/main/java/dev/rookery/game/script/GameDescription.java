package dev.rookery.game.script;

import dev.rookery.extension.game.BotInfo;
import dev.rookery.extension.game.ConfigField;
import dev.rookery.extension.game.ConfigSchema;
import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.game.GameInfo;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a script says about its game. */
final class GameDescription {
  private static final int PLAYERS_MAX = 64;
  private static final int BOTS_MAX = 64;
  private static final int FIELDS_MAX = 64;
  private static final int TEXT_MAX = 128;
  private static final String LABEL = "label";
  private static final String DESCRIPTION = "description";
  private static final String DEFAULT = "default";
  private static final List<String> DIFFICULTIES = List.of("easy", "medium", "hard", "expert");

  private GameDescription() {}

  /**
   * @throws ScriptException if the game cannot be offered
   */
  static GameInfo parse(
      String gameKey, String version, String schemaVersion, JsonObject described) {
    List<String> playerIDs = playerIDs(described.getJsonArray("playerIDs"));
    if (!(described.getValue("minPlayers") instanceof Integer minPlayers)
        || minPlayers < 1
        || minPlayers > playerIDs.size()) {
      throw unusable("minPlayers must be from 1 to " + playerIDs.size());
    }
    try {
      return new GameInfo(
          gameKey,
          version,
          schemaVersion,
          playerIDs,
          minPlayers,
          bots(described.getJsonArray("bots")),
          config(described.getJsonArray("config")),
          profile(described.getJsonObject("profile")));
    } catch (ClassCastException | IllegalArgumentException mistyped) {
      throw unusable("its bots, config or profile are not as they must be: " + mistyped);
    }
  }

  private static ScriptException unusable(String message) {
    return new ScriptException(message, false);
  }

  private static List<String> playerIDs(JsonArray players) {
    boolean usable =
        !players.isEmpty()
            && players.size() <= PLAYERS_MAX
            && players.stream()
                .allMatch(
                    id -> id instanceof String text && !text.isEmpty() && text.length() <= TEXT_MAX)
            && players.stream().distinct().count() == players.size();
    if (!usable) {
      throw unusable("playerIDs must be 1 to 64 different texts: " + players);
    }
    return players.stream().map(String::valueOf).toList();
  }

  private static List<BotInfo> bots(JsonArray described) {
    if (described.size() > BOTS_MAX) {
      throw unusable("it has more than " + BOTS_MAX + " bots");
    }
    var bots = new ArrayList<BotInfo>();
    for (int i = 0; i < described.size(); i++) {
      JsonObject bot = described.getJsonObject(i);
      String id = text(bot, "botID");
      String label = text(bot, LABEL);
      if (id != null && label != null && !id.isEmpty() && !label.isEmpty()) {
        String difficulty = text(bot, "difficulty");
        bots.add(
            new BotInfo(
                id,
                label,
                text(bot, DESCRIPTION),
                difficulty != null && DIFFICULTIES.contains(difficulty) ? difficulty : null));
      }
    }
    return bots;
  }

  private static @Nullable String text(JsonObject object, String key) {
    return object.getValue(key) instanceof String text ? text : null;
  }

  private static ConfigSchema config(JsonArray described) {
    if (described.size() > FIELDS_MAX) {
      throw unusable("it has more than " + FIELDS_MAX + " options");
    }
    var fields = new ArrayList<ConfigField>();
    for (int i = 0; i < described.size(); i++) {
      ConfigField field = field(described.getJsonObject(i));
      if (field.problemOf(field.defaultValue()) != null) {
        throw unusable("the default of the option " + field.key() + " is not one of its values");
      }
      fields.add(field);
    }
    return new ConfigSchema(fields);
  }

  private static ConfigField field(JsonObject field) {
    String key = field.getString("key");
    String label = field.getString(LABEL, key);
    String description = text(field, DESCRIPTION);
    if (field.getValue(DEFAULT) == null) {
      throw unusable("the option " + key + " has no default");
    }
    return switch (String.valueOf(field.getString("type"))) {
      case "number" ->
          new ConfigField.NumberField(
              key,
              label,
              description,
              field.getNumber(DEFAULT),
              field.getNumber("min"),
              field.getNumber("max"),
              field.getNumber("step"),
              text(field, "unit"));
      case "boolean" ->
          new ConfigField.BooleanField(key, label, description, field.getBoolean(DEFAULT));
      case "enum" ->
          new ConfigField.EnumField(
              key,
              label,
              description,
              field.getValue(DEFAULT),
              field.getJsonArray("options", new JsonArray()).stream().toList());
      default -> throw unusable("the option " + key + " has no type");
    };
  }

  private static @Nullable ProfileInfo profile(@Nullable JsonObject profile) {
    return profile == null
        ? null
        : new ProfileInfo(
            String.valueOf(profile.getValue("schemaVersion")),
            Json.encode(profile.getValue("initial")));
  }
}
