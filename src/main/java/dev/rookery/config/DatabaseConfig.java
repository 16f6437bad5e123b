package dev.rookery.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The database: SQLite by default, PostgreSQL for several nodes; and how long events and idempotent
 * answers are kept.
 */
public record DatabaseConfig(
    @Setting(env = "DATABASE_ADAPTER") @Nullable Adapter adapter,
    @Setting(env = "DATABASE_URL") @Nullable Secret url,
    @Setting(env = "SQLITE_DATABASE_PATH") @Nullable Path sqlitePath,
    @Setting(env = "POSTGRES_HOST") @Nullable String host,
    @Setting(env = "POSTGRES_PORT", max = 65_535) int port,
    @Setting(env = "POSTGRES_DB") String database,
    @Setting(env = "POSTGRES_USER") @Nullable String user,
    @Setting(env = "POSTGRES_PASSWORD") @Nullable Secret password,
    @Setting(env = "POSTGRES_SSLMODE") @Nullable SslMode sslMode,
    @Setting(env = "POSTGRES_SSLROOTCERT") @Nullable String sslRootCert,
    @Setting(env = "POSTGRES_SSLCERT") @Nullable String sslCert,
    @Setting(env = "POSTGRES_SSLKEY") @Nullable String sslKey,
    @Setting(env = "POSTGRES_POOLED") boolean pooled,
    @Setting(env = "POOL_SIZE", max = 1_000) int poolSize,
    @Setting(max = 1_000_000) int waitingMax,
    @Setting(env = "DB_QUERY_TIMEOUT") Duration statementTimeout,
    @Setting(env = "DB_POOL_TIMEOUT") Duration connectTimeout,
    Duration historyFor,
    @Setting(max = 1_000_000) int historyMax,
    Duration answersFor,
    Duration unreadFor) {
  static final DatabaseConfig DEFAULTS =
      new DatabaseConfig(
          null,
          null,
          null,
          null,
          5432,
          "rookery",
          null,
          null,
          null,
          null,
          null,
          null,
          false,
          16,
          10_000,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          1_000,
          Duration.ofHours(24),
          Duration.ofHours(24));

  /** Whether single keys choose PostgreSQL; with a URL its scheme decides. */
  public boolean isPostgresByParts() {
    return url == null && host != null && user != null && adapter != Adapter.SQLITE;
  }

  public enum Adapter {
    SQLITE,
    POSTGRES
  }

  /** How connections to PostgreSQL are encrypted, as libpq spells it. */
  public enum SslMode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
