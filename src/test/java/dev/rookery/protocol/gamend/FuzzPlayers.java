package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The players who send the requests of a fuzz test: three friends, who each have a lobby and chat
 * messages, and an admin. One of the friends has a party and a group of each type, with messages,
 * members, requests and invites of the others.
 *
 * <p>Requests may sign them out or delete them; {@link #renew} makes others.
 */
final class FuzzPlayers {
  /** How many friends there are; the admin is the player with this number. */
  static final int FRIENDS = 3;

  /** No random request has an id between this and those that are too large for a row. */
  static final int RANDOM_ID_MAX = 40;

  private final TestApi api;
  private final Guest admin;
  private List<Guest> friends;

  /**
   * @param api of a node without players
   */
  FuzzPlayers(TestApi api) {
    this.api = api;
    // The first player becomes an admin by signing in. What requests do to players by their ids
    // must
    // not end the rights of the admin who sends the requests.
    Guest first = api.guest();
    this.friends = makeFriends();
    for (int i = 1 + FRIENDS; i < RANDOM_ID_MAX; i++) {
      api.guest();
    }
    this.admin = api.guest();
    var granted = first.call("PUT", "/api/v1/admin/admins/" + admin.id(), "{\"role\":\"admin\"}");
    assertThat(granted.status()).as("%s", granted).isEqualTo(200);
    Eventually.holds(() -> admin.get("/api/v1/admin/users").status() == 200);
  }

  TestApi api() {
    return api;
  }

  /** A friend by number, or the admin. */
  Guest get(int player) {
    return player == FRIENDS ? admin : friends.get(player);
  }

  Guest admin() {
    return admin;
  }

  /** Signs in other friends, after a request has signed out or deleted one of them. */
  void renew() {
    friends = makeFriends();
  }

  private List<Guest> makeFriends() {
    var guests = new ArrayList<Guest>();
    for (int i = 0; i < FRIENDS; i++) {
      guests.add(guest());
    }
    for (Guest one : guests) {
      for (Guest other : guests) {
        one.post("/api/v1/friends", target(other));
      }
    }
    for (Guest one : guests) {
      one.post("/api/v1/chat/messages", message("friend", guests.getFirst().id()));
    }
    makeParty(guests);
    List.of("public", "private", "hidden").forEach(type -> makeGroup(guests, type));
    return List.copyOf(guests);
  }

  private Guest guest() {
    Guest guest = api.guest();
    long lobby = guest.post("/api/v1/lobbies/quick_join", "{}").body().getLong("id");
    guest.post("/api/v1/chat/messages", message("lobby", lobby));
    return guest;
  }

  private static void makeParty(List<Guest> guests) {
    Guest leader = guests.getFirst();
    long party = leader.post("/api/v1/parties", "{}").body().getLong("id");
    leader.post("/api/v1/parties/invite", target(guests.get(1)));
    leader.post("/api/v1/parties/invite", target(guests.get(2)));
    String accepted = JsonObject.of("party_id", party).encode();
    guests.get(1).post("/api/v1/parties/invite/accept", accepted);
    leader.post("/api/v1/chat/messages", message("party", party));
  }

  /** One guest is the admin; of the others one asks to join, and one is invited. */
  private static void makeGroup(List<Guest> guests, String type) {
    Guest admin = guests.getFirst();
    String settings = JsonObject.of("title", type + " of " + admin.id(), "type", type).encode();
    long group = admin.post("/api/v1/groups", settings).body().getLong("id");
    guests.get(1).post("/api/v1/groups/" + group + "/join", "{}");
    admin.post("/api/v1/groups/" + group + "/invite", target(guests.get(2)));
    admin.post("/api/v1/chat/messages", message("group", group));
  }

  private static String target(Guest guest) {
    return JsonObject.of("target_user_id", guest.id()).encode();
  }

  private static String message(String type, long reference) {
    return JsonObject.of("chat_type", type, "chat_ref_id", reference, "content", "hello").encode();
  }
}
