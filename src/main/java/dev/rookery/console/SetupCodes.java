package dev.rookery.console;

import dev.rookery.base.ClientNetwork;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The codes by which the first owner is made. Each node stores the digest of its own and renews it
 * while it runs; all of them end when there is an owner.
 */
final class SetupCodes {
  private static final Logger LOG = LoggerFactory.getLogger(SetupCodes.class);
  private static final BackOff ATTEMPTS =
      new BackOff(10, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(1));

  private final Database database;
  private final ConsoleSettings settings;
  private final CodeAttempts attempts;
  private final InstantSource clock;
  private final Counter refused;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();

  /** Renewed while the server waits for its first owner; null if it does not. */
  private volatile @Nullable StoredCode own;

  /**
   * @param refused counts wrong codes
   */
  SetupCodes(
      Database database,
      ConsoleSettings settings,
      CodeAttempts attempts,
      InstantSource clock,
      Counter refused) {
    this.database = database;
    this.settings = settings;
    this.attempts = attempts;
    this.clock = clock;
    this.refused = refused;
  }

  /** Whether the server waits for its first owner. */
  boolean isOpen() {
    return isOpen(database);
  }

  /** Without sign-in with passwords the first owner comes from the identity provider. */
  private boolean isOpen(Reader reader) {
    return settings.passwords() && !grants.isOwned(reader);
  }

  boolean put(String node, String code) {
    return store(new StoredCode(node, SetupCode.digest(code)));
  }

  private boolean store(StoredCode code) {
    boolean stored =
        database.write(
            tx -> {
              grants.lock(tx);
              if (!isOpen(tx)) {
                return false;
              }
              sessions.putSetupCode(tx, code.node(), code.digest());
              return true;
            });
    own = stored ? code : null;
    return stored;
  }

  Done check(ConsoleCommand.CheckSetupCode check) {
    if (!isOpen()) {
      throw Refused.conflict("setup_closed");
    }
    String name = "setup:" + ClientNetwork.of(check.browser().address());
    attempts.begin(name, ATTEMPTS);
    if (!sessions.hasSetupCode(database, SetupCode.digest(check.code()), clock.millis())) {
      refused.increment();
      throw Refused.denied("invalid_code");
    }
    attempts.takeBack(name);
    return Done.DONE;
  }

  /** Renews the code of this node, if the server still waits for its first owner. */
  void renew() {
    StoredCode stored = own;
    if (stored != null) {
      boolean open = store(stored);
      LOG.debug("the setup code is {}", open ? "renewed" : "used");
    }
  }

  /** The setup code of this node, as it is stored. */
  private record StoredCode(String node, String digest) {}
}
