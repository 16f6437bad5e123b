package dev.rookery.match;

import dev.rookery.bus.Bus;
import dev.rookery.match.ProfileStore.ProfileOfUser;
import dev.rookery.match.UserRoomStore.RoomOfUser;
import dev.rookery.player.Export;
import dev.rookery.player.Timeline;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The rooms and the profiles of a player, as parts of their data export and their timeline. */
final class MatchExports {
  private static final String ROOM = "room";

  private final Database database;
  private final UserRoomStore users;
  private final ProfileStore profiles = new ProfileStore();

  MatchExports(Database database, UserRoomStore users) {
    this.database = database;
    this.users = users;
  }

  Future<?> serve(Bus bus) {
    return Future.all(
        bus.<Export>serve(Export.address("matches"), this::rooms),
        bus.<Export>serve(Export.address("game_profiles"), this::profiles),
        bus.<Timeline>serve(Timeline.address("matches"), this::timeline));
  }

  private List<Timeline.Entry> timeline(Timeline asked) {
    String user = MatchCommand.user(asked.player());
    return users.latestOfUser(database, user, asked.untilMs(), asked.max()).stream()
        .map(
            room ->
                new Timeline.Entry(
                    room.createdMs(),
                    asked.part(),
                    (room.host() ? "opened" : "sat in")
                        + " match "
                        + room.room()
                        + " of "
                        + room.gameKey()
                        + ", now "
                        + room.phase(),
                    ""))
        .toList();
  }

  private Export.Part rooms(Export asked) {
    String after = asked.after() == null ? "" : asked.after();
    List<JsonObject> rows =
        users.ofUser(database, MatchCommand.user(asked.player()), after, Export.ROWS_MAX).stream()
            .map(MatchExports::exported)
            .toList();
    return Export.Part.of(rows, row -> row.getString(ROOM));
  }

  private static JsonObject exported(RoomOfUser room) {
    return new JsonObject()
        .put(ROOM, room.room())
        .put("game", room.gameKey())
        .put("phase", room.phase())
        .put("host", room.host())
        .put("created_at", Export.time(room.createdMs()));
  }

  private Export.Part profiles(Export asked) {
    String after = asked.after() == null ? "" : asked.after();
    String user = MatchCommand.user(asked.player());
    List<JsonObject> rows =
        profiles.ofUser(database, user, after, Export.ROWS_MAX).stream()
            .map(MatchExports::exported)
            .toList();
    return Export.Part.of(rows, row -> row.getString("game") + "/" + row.getString("version"));
  }

  private static JsonObject exported(ProfileOfUser profile) {
    return new JsonObject()
        .put("game", profile.gameKey())
        .put("version", profile.schemaVersion())
        .put("data", Json.decodeValue(profile.data()))
        .put("updated_at", Export.time(profile.updatedMs()));
  }
}
