package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the hooks before changes and the platform, with extensions that are compiled here. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ExtensionPlatformTest {
  private static final String RULES =
      """
      public final class Main implements Extension {
        static final CountDownLatch ENTERED = new CountDownLatch(1);
        static final CountDownLatch RELEASED = new CountDownLatch(1);
        static final List<String> CODES = new CopyOnWriteArrayList<>();
        static final List<String> JOINS = new CopyOnWriteArrayList<>();

        static String decided(Object given) throws Exception {
          String title = String.valueOf(given);
          if (title.equals("refuse")) { throw new HookRejectedException("not_here"); }
          if (title.equals("explain")) { throw new HookRejectedException("Not today, please"); }
          if (title.equals("throw")) { throw new IllegalStateException("broken"); }
          if (title.equals("slow")) { ENTERED.countDown(); RELEASED.await(); }
          return title + "!";
        }

        static PartyDraft decided(PartyDraft party) throws Exception {
          return party.metadata() == null
              ? party : party.withMetadata(Map.of("name", decided(party.metadata().get("name"))));
        }

        @Override public void start(ExtensionContext context) {
          var hooks = context.beforeHooks();
          hooks.groupCreate(group -> group.withTitle(decided(group.title())));
          hooks.groupUpdate(group ->
              group.title() == null ? group : group.withTitle(decided(group.title())));
          hooks.groupJoin(join -> {
            decided(join.group().metadata().get("rule"));
            JOINS.add(join.source() + " " + join.userId() + " " + join.actorId());
            return join;
          });
          hooks.partyCreate(party -> decided(party));
          hooks.partyUpdate(party -> decided(party));
          hooks.lobbyCreate(lobby ->
              lobby.title() == null ? lobby : lobby.withTitle(decided(lobby.title())));
          hooks.lobbyJoin(join -> {
            decided(context.platform().lobbies().find(join.lobbyId()).metadata().get("rule"));
            return join;
          });
          hooks.lobbyUpdate(lobby ->
              lobby.title() == null ? lobby : lobby.withTitle(decided(lobby.title())));
          hooks.lobbyDelete(lobby -> {
            decided(context.platform().lobbies().find(lobby.lobbyId()).metadata().get("rule"));
            return lobby;
          });
          hooks.kvGet(read -> {
            decided(read.key());
            return read.key().equals("closed") ? KvVisibility.PRIVATE
                : read.key().equals("open") ? KvVisibility.PUBLIC : KvVisibility.DEFAULT;
          });
          hooks.userUpdate(user -> {
            if ("loop".equals(user.displayName())) {
              try {
                context.platform().players().setDisplayName(user.userId(), "loop");
              } catch (PlatformException refused) {
                CODES.add(refused.code());
                throw refused;
              }
            }
            return user;
          });
          context.functions().add(RpcFunction.named("codes").handledBy(call -> CODES));
          context.functions().add(RpcFunction.named("joins").handledBy(call -> JOINS));
          context.functions().add(RpcFunction.named("entered").handledBy(call -> {
            ENTERED.await();
            return true;
          }));
          context.functions().add(RpcFunction.named("release").handledBy(call -> {
            RELEASED.countDown();
            return true;
          }));
        }
      }
      """;

  private static final String PLATFORM =
      """
      public final class Main implements Extension {
        interface Work { Object of(Platform platform, long me, long other) throws Exception; }

        static String code(Runnable refused) {
          try {
            refused.run();
            return "done";
          } catch (PlatformException e) {
            return e.kind() + " " + e.code();
          }
        }

        @Override public void start(ExtensionContext context) {
          Map<String, Work> all = new HashMap<>();
          all.put("players", (platform, me, other) -> {
            var players = platform.players();
            players.setDisplayName(me, "Zed " + me);
            players.setMetadata(me, Map.of("level", 3));
            return List.of(players.get(me).displayName().equals("Zed " + me),
                players.get(me).metadata(), players.find(999_999) == null,
                players.search("Zed " + me, 1, 10).total(), players.count() > 1,
                players.findByUsername(players.username(me)).id() == me,
                code(() -> players.get(999_999)));
          });
          all.put("accounts", (platform, me, other) -> {
            var players = platform.players();
            String email = "user" + me + "@example.com";
            var made = players.register(email, "a-long-passphrase-7", "Made", true);
            var device = players.findOrCreateByDevice("device-of-code-" + me);
            players.setUsername(made.id(), "maker" + me);
            players.broadcastUpdate(made.id());
            return List.of(made.displayName(), players.findByEmail(email.toUpperCase()).equals(
                    players.get(made.id())), players.findByEmail("none@example.com") == null,
                players.signInMethods(made.id()).password(),
                players.signInMethods(made.id()).device(),
                players.findOrCreateByDevice("device-of-code-" + me).id() == device.id(),
                players.findByDevice("device-of-code-" + me).id() == device.id(),
                players.findByDevice("device-of-nobody") == null,
                players.findByProvider(IdentityProvider.STEAM, "1") == null,
                players.username(made.id()).equals("maker" + me),
                platform.sessions().list(made.id(), 1, 10).total(),
                code(() -> players.register(email, "a-long-passphrase-7", null, false)),
                code(() -> players.unlinkProvider(made.id(), IdentityProvider.STEAM)));
          });
          all.put("sessions", (platform, me, other) -> {
            var sessions = platform.sessions();
            var open = sessions.list(me, 1, 10);
            sessions.end(me, open.items().getFirst().number());
            return List.of(open.total(), sessions.list(me, 1, 10).total());
          });
          all.put("lobbies", (platform, me, other) -> {
            var lobbies = platform.lobbies();
            var lobby = lobbies.create(me, LobbySettings.NONE.withTitle("Code").withHidden(true));
            lobbies.join(other, lobby.id(), null);
            var members = lobbies.memberIds(lobby.id());
            var renamed = lobbies.updateAsHost(me, LobbySettings.NONE.withTitle("Host"));
            lobbies.kick(me, other);
            String refused = code(() -> lobbies.kick(me, other));
            lobbies.leave(me);
            return List.of(lobby.title(), lobby.hidden(), members.equals(List.of(me, other)),
                renamed.title(), refused, lobbies.find(lobby.id()) == null);
          });
          all.put("parties", (platform, me, other) -> {
            var parties = platform.parties();
            var party = parties.create(me, 3, Map.of("name", "one"));
            String refused = code(() -> parties.update(me, 3, Map.of("name", "refuse")));
            var changed = parties.update(me, 5, Map.of("name", "two"));
            var members = parties.memberIds(me);
            String stranger = code(() -> parties.invite(me, other));
            parties.leave(me);
            return List.of(party.metadata(), refused, changed.metadata(), changed.maxSize(),
                members.equals(List.of(me)), stranger, parties.findOf(me) == null);
          });
          all.put("party_administration", (platform, me, other) -> {
            var parties = platform.parties();
            long id = parties.create(me, 3, Map.of("name", "one")).id();
            platform.friends().accept(other, platform.friends().request(me, other).id());
            parties.invite(me, other);
            parties.acceptInvite(other, id);
            var found = parties.find(id);
            var members = parties.memberIdsOf(id);
            boolean listed = parties.listAll(1, 100).items().contains(found);
            var changed = parties.updateAny(id, 5, Map.of("name", "refuse"));
            String small = code(() -> parties.updateAny(id, 1, null));
            String large = code(() -> parties.updateAny(id, 99, null));
            String leader = code(() -> parties.kickFromAny(id, me));
            parties.kickFromAny(id, other);
            int left = parties.find(id).members();
            String again = code(() -> parties.kickFromAny(id, other));
            parties.disband(id);
            return List.of(members.equals(List.of(me, other)), listed, changed.maxSize(),
                changed.metadata(), small, large, leader, left, again, parties.find(id) == null,
                parties.findOf(me) == null, code(() -> parties.disband(id)),
                code(() -> parties.updateAny(id, 5, null)));
          });
          all.put("credentials", (platform, me, other) -> {
            var players = platform.players();
            String email = "new" + other + "@example.com";
            var changed = players.setEmail(other, email.toUpperCase());
            String taken = code(() -> players.setEmail(me, email));
            String invalid = code(() -> players.setEmail(other, "nobody"));
            String weak = code(() -> players.setPassword(other, "x"));
            long before = platform.sessions().list(other, 1, 10).total();
            players.setPassword(other, "a-long-passphrase-9");
            return List.of(changed.email().equals(email), taken, invalid, weak, before,
                platform.sessions().list(other, 1, 10).total(),
                platform.sessions().list(me, 1, 10).total(),
                players.signInMethods(other).password(),
                code(() -> players.setEmail(999_999, "none@example.com")),
                code(() -> players.setPassword(999_999, "a-long-passphrase-9")));
          });
          all.put("statistics", (platform, me, other) -> {
            var notifications = platform.notifications();
            long unread = notifications.countUnread(other);
            var sent = notifications.create(me, other, "Title", "Text", Map.of());
            long oneMore = notifications.countUnread(other) - unread;
            notifications.markRead(other, sent.id());
            long noneMore = notifications.countUnread(other) - unread;
            var players = platform.players();
            var soon = java.time.Instant.now().plusSeconds(3_600);
            long withPassword = players.count(PlayerFilter.ALL.withPassword(true));
            players.register("counted" + me + "@example.com", "a-long-passphrase-7", null, false);
            var since = PlayerFilter.ALL.withRegisteredSince(players.get(me).insertedAt());
            var lobbies = platform.lobbies();
            var secret = LobbyFilter.ALL.withHidden(true).withHostless(true).withLocked(true)
                .withPassworded(true);
            long secrets = lobbies.count(secret);
            lobbies.createHostless(LobbySettings.NONE.withHidden(true).withLocked(true)
                .withPassword("secret-1"));
            var groups = platform.groups();
            long ofType = groups.count("public");
            long members = groups.countMembers();
            long group = groups.create(me, GroupSettings.titled("Counted " + me)).id();
            boolean strangers = groups.shareGroup(me, other);
            groups.join(other, group);
            var parties = platform.parties();
            long inParties = parties.countMembers();
            parties.create(me, 3, Map.of());
            var chat = platform.chat();
            long messages = chat.countMessages(ChatTarget.Type.GROUP);
            long allMessages = chat.countMessages(null);
            chat.send(me, ChatTarget.group(group), "hello");
            var achievements = platform.achievements();
            String slug = "counted_" + me;
            achievements.create(AchievementSettings.named(slug, "Counted"));
            achievements.unlock(me, slug);
            double percent = achievements.unlockPercentage(slug);
            var unlocked = achievements.listStatistics(1, 100).items().stream()
                .filter(one -> one.achievement().slug().equals(slug)).findFirst().get();
            var answer = List.of(players.count(PlayerFilter.ALL) == players.count(),
                players.count(PlayerFilter.ALL.withPassword(true)) - withPassword,
                players.count(since) > 1, players.count(since.withRegisteredSince(soon)),
                players.count(PlayerFilter.ALL.withActiveSince(soon)),
                players.count(PlayerFilter.ALL.withOnline(true)),
                players.count(PlayerFilter.ALL.withProvider(IdentityProvider.STEAM)),
                lobbies.count(secret) - secrets, lobbies.count(LobbyFilter.ALL) > 0,
                groups.count("public") - ofType, groups.countMembers() - members,
                groups.countCreatedBy(me), strangers, groups.shareGroup(other, me),
                parties.countMembers() - inParties,
                chat.countMessages(ChatTarget.Type.GROUP) - messages,
                chat.countMessages(null) - allMessages, chat.countSenders() > 0, oneMore,
                noneMore, percent > 0 && percent < 100,
                unlocked.unlocked(), unlocked.unlockedPercent() > 0,
                code(() -> achievements.unlockPercentage("none")));
            parties.leave(me);
            groups.delete(group);
            return answer;
          });
          all.put("groups", (platform, me, other) -> {
            var groups = platform.groups();
            var group = groups.create(me, GroupSettings.titled("Guild " + me)
                .withType("private").withMaxMembers(9));
            var asked = groups.join(other, group.id());
            var joined = groups.approve(me, asked.id());
            var changed = groups.update(group.id(), GroupSettings.titled("Clan " + me));
            long members = groups.members(group.id(), 1, 10).total();
            groups.kick(me, group.id(), other);
            var gone = groups.findMembership(group.id(), other);
            boolean admin = groups.findMembership(group.id(), me).isAdmin();
            groups.delete(group.id());
            return List.of(group.title().equals("Guild " + me + "!"), group.maxMembers(),
                asked.role(), joined.role(), changed.title().equals("Clan " + me + "!"), members,
                gone == null, admin, groups.find(group.id()) == null);
          });
          all.put("friends", (platform, me, other) -> {
            var friends = platform.friends();
            var request = friends.request(me, other);
            var accepted = friends.accept(other, request.id());
            boolean are = friends.areFriends(other, me);
            long listed = friends.list(me, 1, 10).total();
            friends.remove(me, request.id());
            return List.of(request.state(), accepted.state(), are, listed,
                friends.areFriends(me, other), friends.isBlocked(me, other));
          });
          all.put("chat", (platform, me, other) -> {
            var chat = platform.chat();
            var lobby = platform.lobbies().create(me, LobbySettings.NONE);
            platform.lobbies().join(other, lobby.id(), null);
            var target = ChatTarget.lobby(lobby.id());
            var sent = chat.send(me, target, "hello", Map.of(), "once");
            var again = chat.send(me, target, "hello", Map.of(), "once");
            var edited = chat.edit(me, sent.id(), "bye", null);
            long unread = chat.countUnread(other, target);
            chat.markRead(other, target, sent.id());
            long read = chat.countUnread(other, target);
            String refused = code(() -> chat.deleteOwn(other, sent.id()));
            long listed = chat.list(other, target, 1, 10).total();
            chat.deleteOwn(me, sent.id());
            chat.send(me, target, "one");
            chat.send(other, target, "two");
            long both = chat.countUnread(other, List.of(target, ChatTarget.group(1))).getFirst();
            long found = chat.search(me, "ON", 1, 10).total();
            long cleared = chat.clear(me, target);
            long direct = chat.clear(me, ChatTarget.friend(other));
            long kept = chat.list(me, target, 1, 10).total();
            platform.lobbies().leave(me);
            platform.lobbies().leave(other);
            return List.of(sent.content(), sent.id() == again.id(), edited.content(), unread,
                read, refused, listed, both, found, cleared, direct, kept);
          });
          all.put("notifications", (platform, me, other) -> {
            var notifications = platform.notifications();
            var sent = notifications.create(me, other, "Title", "Text", Map.of("a", 1));
            var read = notifications.markRead(other, sent.id());
            long listed = notifications.list(other, 1, 10).total();
            notifications.delete(sent.id());
            return List.of(sent.isRead(), read.isRead(), listed,
                notifications.list(other, 1, 10).total(),
                code(() -> notifications.sendToFriend(me, other, "T", "C", Map.of())));
          });
          all.put("leaderboards", (platform, me, other) -> {
            var boards = platform.leaderboards();
            String slug = "board_" + me;
            var board = boards.create(LeaderboardSettings.named(slug, "Board")
                .ordered(Leaderboard.SortOrder.DESC, Leaderboard.Operator.INCR));
            boards.submit(slug, me, 5, 0, null, "once");
            var score = boards.submit(slug, me, 5, 0, null, "once");
            boards.submit(slug, other, 7);
            boards.submitLabel(slug, "bots", 1);
            var top = boards.top(slug, 1, 10);
            var mine = boards.findRecord(slug, me);
            int around = boards.around(slug, me, 3).size();
            boards.end(slug);
            return List.of(score.score(), top.total(), mine.rank(), around,
                code(() -> boards.submit(String.valueOf(board.id()), me, 1)));
          });
          all.put("achievements", (platform, me, other) -> {
            var achievements = platform.achievements();
            String slug = "done_" + me;
            var created = achievements.create(
                AchievementSettings.named(slug, "Done").withProgressTarget(3));
            achievements.increment(me, slug, 1, "first");
            var one = achievements.increment(me, slug, 1, "first");
            var unlocked = achievements.unlock(me, slug);
            String again = code(() -> achievements.unlock(me, slug));
            long listed = achievements.listUnlocked(me, 1, 10).total();
            achievements.revoke(me, created.id());
            return List.of(achievements.find(slug).progressTarget(), one.progress(),
                one.isUnlocked(), unlocked.isUnlocked(), again, listed,
                achievements.listUnlocked(me, 1, 10).total());
          });
          all.put("kv", (platform, me, other) -> {
            var kv = platform.kv();
            var mine = KvScope.ofUser(me);
            var first = kv.create("bag", Map.of("coins", 1), Map.of(), mine);
            String twice = code(() -> kv.create("bag", Map.of(), Map.of(), mine));
            var second = kv.replace(first, Map.of("coins", 2), Map.of("m", 1));
            String stale = code(() -> kv.replace(first, Map.of(), Map.of()));
            var read = kv.find("bag", mine);
            var none = kv.find("bag", KvScope.GLOBAL);
            kv.put("bag", Map.of("coins", 3), KvScope.ofUser(other));
            long listed = kv.list(null, null, false, "BAG", 1, 10).total();
            kv.update(second.id(), Map.of("coins", 4), null);
            var updated = kv.find("bag", mine);
            kv.delete("bag", mine);
            kv.delete(kv.find("bag", KvScope.ofUser(other)).id());
            return List.of(twice, stale, read.value(), none == null, listed, updated.value(),
                updated.metadata(), kv.list(null, null, false, "bag", 1, 10).total());
          });
          all.put("kv_entries", (platform, me, other) -> {
            var kv = platform.kv();
            kv.put("open", Map.of("a", 1), KvScope.ofUser(me));
            kv.put("closed", Map.of("a", 2), KvScope.GLOBAL);
            kv.put("closed", Map.of("a", 3), KvScope.ofUser(me));
            kv.put("other", Map.of("a", 4), KvScope.GLOBAL);
            kv.put("refuse", Map.of("a", 5), KvScope.GLOBAL);
            kv.put("throw", Map.of("a", 6), KvScope.GLOBAL);
            return kv.find("throw", KvScope.GLOBAL).value();
          });
          all.put("matchmaking", (platform, me, other) -> {
            var matchmaking = platform.matchmaking();
            String ticket = matchmaking.search(me, "duel", "eu", 2);
            var search = matchmaking.find(me);
            return List.of(search.ticket().equals(ticket), search.needed(),
                matchmaking.cancel(ticket), matchmaking.find(me) == null,
                code(() -> matchmaking.search(me, "duel", "eu", 3)));
          });
          all.forEach((name, work) -> context.functions().add(
              RpcFunction.named(name).taking("other", long.class).handledBy(call ->
                  work.of(context.platform(), call.caller().id(), call.argument(0, long.class)))));
        }
      }
      """;

  @TempDir private static Path folder;
  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  ExtensionPlatformTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) throws IOException {
    ExtensionSources.put(folder, "rules", ExtensionSources.jar("1", RULES));
    ExtensionSources.put(folder, "platform", ExtensionSources.jar("1", PLATFORM));
    api = TestApi.start(database, Map.of("EXTENSIONS_DIR", folder.toString()));
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  private static String call(Guest player, String extension, String function, Object... args) {
    var body =
        new JsonObject()
            .put("plugin", extension)
            .put("fn", function)
            .put("args", JsonArray.of(args));
    Response response = player.post("/api/v1/hooks/call", body.encode());
    return response.status() == 200
        ? response.body().getValue("data").toString()
        : response.toString();
  }

  private static String used(String area) {
    return call(api.guest(), "platform", area, api.guest().id());
  }

  @Test
  void usesThePlatform() {
    assertThat(used("players"))
        .isEqualTo("[true,{\"level\":3},true,1,true,true,\"NOT_FOUND not_found\"]");
    assertThat(used("accounts"))
        .isEqualTo(
            "[\"Made\",true,true,true,false,true,true,true,true,true,0,\"INVALID invalid\","
                + "\"CONFLICT last_provider\"]");
    assertThat(used("lobbies"))
        .isEqualTo("[\"Code!\",true,true,\"Host!\",\"CONFLICT target_not_in_lobby\",true]");
    assertThat(used("parties"))
        .isEqualTo(
            "[{\"name\":\"one!\"},\"DENIED hook_rejected\",{\"name\":\"two!\"},5,true,"
                + "\"DENIED not_connected\",true]");
    assertThat(used("party_administration"))
        .isEqualTo(
            "[true,true,5,{\"name\":\"refuse\"},\"CONFLICT too_small\",\"INVALID invalid\","
                + "\"DENIED cannot_kick_leader\",1,\"CONFLICT target_not_in_party\",true,true,"
                + "\"NOT_FOUND not_found\",\"NOT_FOUND not_found\"]");
    assertThat(used("statistics"))
        .isEqualTo(
            "[true,1,true,0,0,0,0,1,true,1,2,1,false,true,1,1,1,true,1,0,true,1,true,"
                + "\"NOT_FOUND not_found\"]");
    assertThat(used("groups")).isEqualTo("[true,9,\"requested\",\"member\",true,2,true,true,true]");
    assertThat(used("friends")).isEqualTo("[\"PENDING\",\"ACCEPTED\",true,1,false,false]");
    assertThat(used("chat"))
        .isEqualTo("[\"hello\",true,\"bye\",1,0,\"DENIED forbidden\",1,2,1,2,0,0]");
    assertThat(used("notifications")).isEqualTo("[false,true,1,0,\"CONFLICT not_friends\"]");
    assertThat(used("leaderboards")).isEqualTo("[5,3,2,3,\"CONFLICT leaderboard_ended\"]");
    assertThat(used("achievements"))
        .isEqualTo("[3,1,false,true,\"CONFLICT already_unlocked\",1,0]");
    assertThat(used("kv"))
        .isEqualTo(
            "[\"CONFLICT version_conflict\",\"CONFLICT version_conflict\",{\"coins\":2},true,2,"
                + "{\"coins\":4},{\"m\":1},0]");
    assertThat(used("matchmaking")).isEqualTo("[true,2,true,true,\"INVALID invalid\"]");

    Guest renamed = api.guest();
    assertThat(call(api.guest(), "platform", "credentials", renamed.id()))
        .isEqualTo(
            "[true,\"CONFLICT email_taken\",\"INVALID invalid\",\"INVALID invalid\",1,0,1,true,"
                + "\"NOT_FOUND not_found\",\"NOT_FOUND not_found\"]");
    Eventually.holds(() -> renamed.get("/api/v1/me").status() == 401);
    String email = "new" + renamed.id() + "@example.com";
    var signIn = JsonObject.of("email", email, "password", "a-long-passphrase-9");
    assertThat(api.guest().post("/api/v1/login", signIn.encode()).status()).isEqualTo(200);

    Guest signedOut = api.guest();
    // Its own session may have ended when the call is answered.
    call(signedOut, "platform", "sessions", 0);
    Eventually.holds(() -> signedOut.get("/api/v1/me").status() == 401);
  }

  @Test
  void hooksDecideAboutGroups() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    assertThat(group(ann, "refuse", "public", "").toString())
        .isEqualTo("422 {\"error\":\"hook_rejected\"}");
    assertThat(group(ann, "throw", "public", "").toString())
        .isEqualTo("422 {\"error\":\"hook_rejected\"}");
    Response created = group(ann, "Reds", "public", "");
    assertThat(created.body().getString("title")).isEqualTo("Reds!");
    String path = "/api/v1/groups/" + created.body().getLong("id");
    assertThat(ann.patch(path, "{\"title\":\"refuse\"}").toString())
        .isEqualTo("422 {\"error\":\"not_here\"}");
    assertThat(ann.patch(path, "{\"title\":\"throw\"}").toString())
        .isEqualTo("422 {\"error\":\"hook_failed\"}");
    assertThat(
            admin.patch("/api/v1/admin" + path.substring(7), "{\"title\":\"refuse\"}").toString())
        .isEqualTo("422 {\"error\":\"not_here\"}");
    assertThat(bob.post(path + "/join", "{}").status()).isEqualTo(200);

    Response guarded = group(ann, "Blues", "public", "refuse");
    assertThat(
            bob.post("/api/v1/groups/" + guarded.body().getLong("id") + "/join", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_here\"}");
    Response closed = group(ann, "Greens", "private", "refuse");
    String requests = "/api/v1/groups/" + closed.body().getLong("id");
    Response asked = bob.post(requests + "/join", "{}");
    assertThat(asked.status()).isEqualTo(201);
    long request = asked.body().getLong("id");
    assertThat(ann.post(requests + "/join_requests/" + request + "/approve", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_here\"}");
    assertThat(ann.post(requests + "/invite", "{\"target_user_id\":" + bob.id() + "}").toString())
        .isEqualTo("403 {\"error\":\"not_here\"}");
    assertThat(ann.patch(requests, "{\"metadata\":{\"rule\":\"explain\"}}").status())
        .isEqualTo(200);
    assertThat(ann.post(requests + "/join_requests/" + request + "/approve", "{}").toString())
        .isEqualTo("422 {\"error\":\"Not today, please\"}");
    assertThat(ann.patch(requests, "{\"metadata\":{}}").status()).isEqualTo(200);
    assertThat(ann.post(requests + "/join_requests/" + request + "/approve", "{}").status())
        .isEqualTo(200);
    assertThat(call(ann, "rules", "joins"))
        .contains("PUBLIC_JOIN " + bob.id() + " " + bob.id())
        .contains("JOIN_REQUEST_APPROVAL " + bob.id() + " " + ann.id());
  }

  private static Response group(Guest player, String title, String type, String rule) {
    return player.post(
        "/api/v1/groups",
        new JsonObject()
            .put("title", title)
            .put("type", type)
            .put("metadata", JsonObject.of("rule", rule))
            .encode());
  }

  @Test
  void aSlowHookHoldsNoRows() {
    Guest ann = api.guest();
    String path = "/api/v1/groups/" + group(ann, "Slow ones", "public", "").body().getLong("id");

    var slow = CompletableFuture.supplyAsync(() -> ann.patch(path, "{\"title\":\"slow\"}"));
    assertThat(call(ann, "rules", "entered")).isEqualTo("true");
    Response meanwhile = ann.patch(path, "{\"title\":\"Quick ones\"}");
    assertThat(call(ann, "rules", "release")).isEqualTo("true");

    assertThat(meanwhile.body().getString("title")).isEqualTo("Quick ones!");
    assertThat(slow.join().body().getString("title")).isEqualTo("slow!");
  }

  @Test
  void hooksDecideAboutParties() {
    Guest ann = api.guest();
    assertThat(party(ann, "POST", "refuse").toString())
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(party(ann, "POST", "throw").toString())
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(party(ann, "POST", "us").body().getJsonObject("metadata").getString("name"))
        .isEqualTo("us!");
    assertThat(party(ann, "PATCH", "refuse").toString())
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
    assertThat(party(ann, "PATCH", "all").body().getJsonObject("metadata").getString("name"))
        .isEqualTo("all!");
    assertThat(ann.post("/api/v1/parties/create_lobby", "{\"title\":\"refuse\"}").toString())
        .isEqualTo("422 {\"error\":\"unexpected_error\"}");
  }

  private static Response party(Guest player, String method, String name) {
    return player.call(
        method, "/api/v1/parties", JsonObject.of("metadata", JsonObject.of("name", name)).encode());
  }

  @Test
  void hooksDecideAboutQuickJoinsAndAdmins() {
    Guest ann = api.guest();
    String quickly = "/api/v1/lobbies/quick_join";
    assertThat(ann.post(quickly, quick("refuse", "one", "")).toString())
        .isEqualTo("403 {\"error\":\"rejected\"}");
    Response opened = ann.post(quickly, quick("Fast", "one", "refuse"));
    assertThat(opened.body().getString("title")).isEqualTo("Fast!");
    long lobby = opened.body().getLong("id");

    Guest bob = api.guest();
    assertThat(bob.post(quickly, quick("Other", "one", "refuse")).toString())
        .isEqualTo("403 {\"error\":\"rejected\"}");
    String any = "/api/v1/admin/lobbies/" + lobby;
    assertThat(admin.patch(any, "{\"title\":\"refuse\"}").toString())
        .isEqualTo("403 {\"error\":\"forbidden\"}");
    assertThat(admin.delete(any).toString()).isEqualTo("403 {\"error\":\"forbidden\"}");
    assertThat(admin.patch(any, "{\"metadata\":{\"kind\":\"one\",\"rule\":\"\"}}").status())
        .isEqualTo(200);
    assertThat(bob.post(quickly, quick("Other", "one", "")).body().getLong("id")).isEqualTo(lobby);
    assertThat(admin.delete(any).status()).isEqualTo(200);
  }

  private static String quick(String title, String kind, String rule) {
    return new JsonObject()
        .put("title", title)
        .put("metadata", JsonObject.of("kind", kind, "rule", rule))
        .encode();
  }

  @Test
  void hooksDecideWhoReadsEntries() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    assertThat(call(ann, "platform", "kv_entries", 0)).isEqualTo("{\"a\":6}");
    String mine = "?user_id=" + ann.id();
    assertThat(bob.get("/api/v1/kv/open" + mine).data()).isEqualTo(JsonObject.of("a", 1));
    String forbidden = "403 {\"error\":\"forbidden\"}";
    assertThat(bob.get("/api/v1/kv/closed").toString()).isEqualTo(forbidden);
    assertThat(admin.get("/api/v1/kv/closed").data()).isEqualTo(JsonObject.of("a", 2));
    assertThat(bob.get("/api/v1/kv/closed" + mine).toString()).isEqualTo(forbidden);
    assertThat(ann.get("/api/v1/kv/closed" + mine).data()).isEqualTo(JsonObject.of("a", 3));
    assertThat(bob.get("/api/v1/kv/other").data()).isEqualTo(JsonObject.of("a", 4));
    assertThat(admin.get("/api/v1/kv/refuse").toString()).isEqualTo(forbidden);
    assertThat(admin.get("/api/v1/kv/throw").toString()).isEqualTo(forbidden);
  }

  @Test
  void endsHooksThatCauseEachOther() {
    Guest ann = api.guest();
    assertThat(ann.patch("/api/v1/me/display_name", "{\"display_name\":\"loop\"}").toString())
        .isEqualTo("422 {\"error\":\"hook_rejected\"}");
    JsonArray codes = new JsonArray(call(ann, "rules", "codes"));
    assertThat(codes.getString(0)).isEqualTo("hook_recursion");
    assertThat(codes.size()).isEqualTo(9);
  }
}
