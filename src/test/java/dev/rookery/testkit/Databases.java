package dev.rookery.testkit;

import dev.rookery.achievement.AchievementEvent;
import dev.rookery.bus.EventTypes;
import dev.rookery.chat.ChatEvent;
import dev.rookery.friend.FriendEvent;
import dev.rookery.friend.FriendPresenceEvent;
import dev.rookery.group.GroupEvent;
import dev.rookery.group.GroupPresenceEvent;
import dev.rookery.leaderboard.LeaderboardEvent;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.match.MatchEvent;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.party.PartyEvent;
import dev.rookery.party.PartyInviteEvent;
import dev.rookery.player.AccountEvent;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.PresenceEvent;
import dev.rookery.storage.StorageEvent;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Creates fresh databases with the current schema. {@link #all} is a method source: a test takes a
 * {@link TestStore}, runs once on each database, and JUnit closes it.
 *
 * <p>PostgreSQL that does not start fails the run, unless it is switched off with {@code
 * -Drookery.test.postgres=off}.
 */
public final class Databases {
  public static final EventTypes EVENTS =
      new EventTypes(
          List.of(
              PlayerEvent.class,
              AccountEvent.class,
              NotificationEvent.class,
              PresenceEvent.class,
              FriendEvent.class,
              FriendPresenceEvent.class,
              GroupEvent.class,
              GroupPresenceEvent.class,
              PartyEvent.class,
              PartyInviteEvent.class,
              LobbyEvent.class,
              ChatEvent.class,
              AchievementEvent.class,
              StorageEvent.class,
              LeaderboardEvent.class,
              MatchmakingEvent.class,
              MatchEvent.class),
          List.of(ChatEvent.Sent.class));

  private Databases() {}

  /** One store on each kind of database, opened when its turn comes. */
  public static Stream<TestStore> all() {
    return locations().map(TestStore::open);
  }

  /** One fresh database of each kind, for tests that open it themselves. */
  public static Stream<TestDatabase> locations() {
    Stream<Supplier<TestDatabase>> kinds =
        withPostgres()
            ? Stream.of(Databases::sqlite, Databases::postgres)
            : Stream.of(Databases::sqlite);
    return kinds.map(Supplier::get);
  }

  /** The kinds of databases, for tests that share a node on each. */
  public static Stream<String> kinds() {
    return withPostgres() ? Stream.of("sqlite", "postgres") : Stream.of("sqlite");
  }

  /** A fresh database of a kind. */
  public static TestDatabase create(String kind) {
    return kind.equals("sqlite") ? sqlite() : postgres();
  }

  /** A copy of a file with the current schema. */
  public static TestDatabase sqlite() {
    try {
      Path folder = Files.createTempDirectory("rookery-test");
      Path file = Files.copy(SqliteTemplate.FILE, folder.resolve("rookery.db"));
      return new TestDatabase("sqlite", new DatabaseLocation.File(file), () -> delete(folder));
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public static TestDatabase postgres() {
    return TestPostgres.running().create();
  }

  /** A database without the schema. */
  public static TestDatabase emptyPostgres() {
    return TestPostgres.running().createEmpty();
  }

  /** A database without the schema, in another encoding than UTF8. */
  public static TestDatabase emptyPostgres(String encoding) {
    return TestPostgres.running().createEmpty(encoding);
  }

  static boolean withPostgres() {
    return !"off".equals(System.getProperty("rookery.test.postgres"));
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static String url(DatabaseLocation location) {
    return switch (location) {
      case DatabaseLocation.File(var path) -> "sqlite:" + path;
      case DatabaseLocation.Server(
              var host,
              var port,
              var database,
              var user,
              var password,
              _,
              _) ->
          "postgres://%s:%s@%s:%d/%s".formatted(user, password, host, port, database);
    };
  }

  private static final class SqliteTemplate {
    private static final Path FILE = create();

    private static Path create() {
      try {
        Path folder = Files.createTempDirectory("rookery-test");
        Path file = folder.resolve("template.db");
        // Deleted in the reverse order.
        folder.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        SchemaTemplates.copySqlite(file);
        return file;
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  /** A database for tests; closing removes it, and closing again does nothing. */
  public record TestDatabase(String kind, DatabaseLocation location, Runnable remove)
      implements AutoCloseable {
    public TestDatabase {
      var removed = new AtomicBoolean();
      Runnable removal = remove;
      remove =
          () -> {
            if (removed.compareAndSet(false, true)) {
              removal.run();
            }
          };
    }

    public StoreConfig config() {
      return StoreConfig.of(location);
    }

    /** The location as the environment variable {@code DATABASE_URL} names it. */
    public String url() {
      return Databases.url(location);
    }

    /** Carries out a statement on a connection of its own; returns how many rows it changed. */
    public int update(String sql) {
      try (Connection connection = connect();
          var statement = connection.createStatement()) {
        return statement.executeUpdate(sql);
      } catch (SQLException e) {
        throw new AssertionError(sql, e);
      }
    }

    private Connection connect() throws SQLException {
      return switch (location) {
        case DatabaseLocation.File(var file) ->
            DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=30000");
        case DatabaseLocation.Server server ->
            DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s"
                    .formatted(server.host(), server.port(), server.database()),
                server.user(),
                server.password());
      };
    }

    /** The same database; closing the result does not remove it. */
    public TestDatabase shared() {
      return new TestDatabase(kind, location, () -> {});
    }

    @Override
    public void close() {
      remove.run();
    }

    @Override
    public String toString() {
      return kind;
    }
  }
}
