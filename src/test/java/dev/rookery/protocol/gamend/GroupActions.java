package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.RestPlayer.Response;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the players of a {@link SocialRace} do in groups of all types: they create groups, ask to
 * join, invite, approve, reject, promote, demote and kick each other. Counts who was admitted to
 * which private or hidden group, by an approval or an invite, so that members without either are
 * found.
 */
final class GroupActions {
  private static final String GROUPS = "/api/v1/groups";
  private static final String INVITATIONS = GROUPS + "/invitations";
  private static final int OWN_GROUPS_MAX = 12;

  private final List<RestPlayer> players;
  private final long seed;
  private final Map<Long, Raced> groups = new ConcurrentHashMap<>();
  private final Map<Admission, Integer> admissions = new ConcurrentHashMap<>();

  /**
   * A group of the race.
   *
   * @param isObserved whether the observers are in it from beginning to end, of whom the creator is
   *     an admin all the time
   */
  private record Raced(long id, String type, long creator, boolean isObserved) {
    boolean isOpen() {
      return type.equals("public");
    }
  }

  private record Admission(long group, long player) {}

  GroupActions(List<RestPlayer> players, long seed) {
    this.players = players;
    this.seed = seed;
  }

  /** Adds a group in which the observers stay, whose creator acts as its admin. */
  void observe(long group, String type, RestPlayer creator) {
    groups.put(group, new Raced(group, type, creator.id(), true));
  }

  /**
   * A random action of a player.
   *
   * @param admin of the groups that are observed
   */
  Response act(RestPlayer player, RestPlayer admin, Random random) throws Exception {
    if (random.nextInt(8) == 0 && groups.size() < OWN_GROUPS_MAX) {
      return create(player, random);
    }
    var all = List.copyOf(groups.values());
    Raced group = all.get(random.nextInt(all.size()));
    RestPlayer other = players.get(random.nextInt(players.size()));
    RestPlayer actor = group.isObserved() ? admin : player;
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> join(player, group);
      case 3 -> player.post(path(group, "leave"), new JsonObject());
      case 4, 5 -> invite(actor, group, other);
      case 6, 7, 8 -> answerInvite(player, random);
      case 9, 10, 11 -> answerRequest(actor, group, random);
      case 12 -> cancelRequest(player, group);
      case 13 -> actor.post(path(group, "promote"), target(other));
      case 14 -> actor.post(path(group, "demote"), target(other));
      default -> actor.post(path(group, "kick"), target(other));
    };
  }

  private Response create(RestPlayer player, Random random) throws Exception {
    String type = List.of("public", "private", "hidden").get(random.nextInt(3));
    Response created =
        player.post(GROUPS, JsonObject.of("title", "Own " + random.nextLong(), "type", type));
    if (created.ok()) {
      long id = created.body().getLong("id");
      groups.put(id, new Raced(id, type, player.id(), false));
    }
    return created;
  }

  private Response join(RestPlayer player, Raced group) throws Exception {
    Response joined = player.post(path(group, "join"), new JsonObject());
    if (!group.isOpen()) {
      assertThat(joined.status()).as("%s %s, seed %d", group, joined, seed).isNotEqualTo(200);
    }
    return joined;
  }

  private Response invite(RestPlayer actor, Raced group, RestPlayer other) throws Exception {
    Response invited = actor.post(path(group, "invite"), target(other));
    if (invited.ok()) {
      admitted(group.id(), other.id());
    }
    return invited;
  }

  private static Response answerInvite(RestPlayer player, Random random) throws Exception {
    Response invitations = player.get(INVITATIONS);
    var invites = invitations.body().getJsonArray("data");
    if (invites == null || invites.isEmpty()) {
      return invitations;
    }
    long invite = invites.getJsonObject(random.nextInt(invites.size())).getLong("id");
    String answer = random.nextInt(4) == 0 ? "/decline" : "/accept";
    return player.post(INVITATIONS + "/" + invite + answer, new JsonObject());
  }

  private Response answerRequest(RestPlayer actor, Raced group, Random random) throws Exception {
    Response listed = actor.get(path(group, "join_requests"));
    var requests = listed.body().getJsonArray("data");
    if (requests == null || requests.isEmpty()) {
      return listed;
    }
    JsonObject request = requests.getJsonObject(random.nextInt(requests.size()));
    boolean approves = random.nextInt(3) > 0;
    Response answered =
        actor.post(
            path(group, "join_requests/" + request.getLong("id"))
                + (approves ? "/approve" : "/reject"),
            new JsonObject());
    if (approves && answered.ok()) {
      admitted(group.id(), request.getLong("user_id"));
    }
    return answered;
  }

  /** Asks to join, and takes it back. */
  private Response cancelRequest(RestPlayer player, Raced group) throws Exception {
    Response asked = join(player, group);
    return asked.status() == 201
        ? player.send("DELETE", path(group, "join_requests/" + asked.body().getLong("id")), null)
        : asked;
  }

  private void admitted(long group, long player) {
    admissions.merge(new Admission(group, player), 1, Integer::sum);
  }

  /**
   * Fails for a member of a private or hidden group who was neither approved nor invited.
   *
   * @param members of open groups, as {@code group player}
   * @param observers who are in their groups from the beginning
   */
  void assertAdmitted(List<String> members, List<Long> observers) {
    for (String one : members) {
      String[] parts = one.split(" ", -1);
      Raced group = groups.get(Long.valueOf(parts[0]));
      long player = Long.parseLong(parts[1]);
      if (group != null
          && !group.isOpen()
          && group.creator() != player
          && !(group.isObserved() && observers.contains(player))) {
        assertThat(admissions)
            .as("members of %s, seed %d", group, seed)
            .containsKey(new Admission(group.id(), player));
      }
    }
  }

  /**
   * Fails if a player has joined a private or hidden group more often than they were admitted.
   *
   * @param heard as {@code event player}
   */
  void assertAdmitted(long group, List<String> heard) {
    if (groups.get(group) instanceof Raced raced && !raced.isOpen()) {
      for (RestPlayer player : players) {
        assertThat(heard.stream().filter(("member_joined " + player.id())::equals).count())
            .as("joins of %d in %s, seed %d", player.id(), heard, seed)
            .isLessThanOrEqualTo(admissions.getOrDefault(new Admission(group, player.id()), 0));
      }
    }
  }

  private static String path(Raced group, String action) {
    return GROUPS + "/" + group.id() + "/" + action;
  }

  private static JsonObject target(RestPlayer player) {
    return JsonObject.of("target_user_id", player.id());
  }
}
