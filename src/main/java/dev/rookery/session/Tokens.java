package dev.rookery.session;

import dev.rookery.base.Ids;
import dev.rookery.base.JsonText;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies tokens (JWT): for access, for refreshing, of pages and of guests. It does not
 * check whether the session is still open; {@link Sessions} does. Safe on any thread.
 *
 * <p>Each kind has one algorithm and one key, every claim that is written is checked when read, and
 * a token of one kind is never accepted as another.
 */
public final class Tokens {
  public static final Duration ACCESS_LIFETIME = Duration.ofMinutes(15);
  public static final Duration REFRESH_LIFETIME = Duration.ofDays(30);

  public static final Duration PAGE_LIFETIME = Duration.ofDays(14);

  /** The longest life of a guest; their row ends it much sooner. */
  public static final Duration GUEST_LIFETIME = Duration.ofDays(1);

  private static final String ALGORITHM = "HS512";
  private static final String LONG_LIVED_ALGORITHM = "HS256";
  private static final String ISSUER_AND_AUDIENCE = "game_server";
  private static final String ACCESS = "access";
  private static final String REFRESH = "refresh";
  private static final String PAGE = "page";
  private static final String GUEST = "guest";
  // Tokens issued here are shorter than 800 characters; longer ones are refused before any
  // computation.
  private static final int LENGTH_MAX = 4_096;

  // The clocks of nodes differ, and what one node issues is used on another at once. The end of a
  // token needs no tolerance: a client that is told of it too early refreshes the token.
  private static final long LEEWAY_SECONDS = 60;

  private final JWTAuth jwt;
  private final JWTAuth longLived;
  // By these a token is verified, the keys that also sign first.
  private final List<JWTAuth> verifiers;
  private final List<JWTAuth> longLivedVerifiers;
  private final JWTOptions signingOptions = options(ALGORITHM);
  private final JWTOptions longLivedSigning = options(LONG_LIVED_ALGORITHM);
  private final InstantSource clock;
  private final Ids ids;

  /**
   * @param secret the signing key, in UTF-8
   */
  public Tokens(Vertx vertx, String secret, InstantSource clock, Ids ids) {
    this(vertx, secret, longLivedSecret(secret), List.of(), clock, ids);
  }

  /**
   * @param longLivedSecret the key of long-lived access tokens. It may be shared with programs that
   *     read such tokens: a forged one is useless without the id of an open session.
   */
  public Tokens(Vertx vertx, String secret, String longLivedSecret, InstantSource clock, Ids ids) {
    this(vertx, secret, longLivedSecret, List.of(), clock, ids);
  }

  /**
   * @param acceptedSecrets further secrets with which tokens may be signed: those before and after
   *     a rotation
   */
  public Tokens(
      Vertx vertx,
      String secret,
      String longLivedSecret,
      List<String> acceptedSecrets,
      InstantSource clock,
      Ids ids) {
    this.clock = clock;
    this.ids = ids;
    this.jwt = jwt(vertx, ALGORITHM, secret);
    this.longLived = jwt(vertx, LONG_LIVED_ALGORITHM, longLivedSecret);
    this.verifiers =
        Stream.concat(
                Stream.of(jwt), acceptedSecrets.stream().map(key -> jwt(vertx, ALGORITHM, key)))
            .toList();
    this.longLivedVerifiers =
        Stream.concat(
                Stream.of(longLived),
                acceptedSecrets.stream()
                    .map(key -> jwt(vertx, LONG_LIVED_ALGORITHM, longLivedSecret(key))))
            .toList();
  }

  /** The key of long-lived tokens, unless one is configured. */
  public static String longLivedSecret(String secret) {
    return "lasting " + secret;
  }

  private static JWTAuth jwt(Vertx vertx, String algorithm, String secret) {
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .addPubSecKey(
                new PubSecKeyOptions()
                    .setAlgorithm(algorithm)
                    .setBuffer(Buffer.buffer(secret.getBytes(StandardCharsets.UTF_8))))
            // Times, issuer and audience are checked here, against the injected clock.
            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
  }

  private static JWTOptions options(String algorithm) {
    return new JWTOptions().setAlgorithm(algorithm).setNoTimestamp(true);
  }

  /** Creates the access token of a session that begins now. */
  public String access(TokenSubject bearer) {
    return access(bearer, 0, clock.instant());
  }

  /**
   * Creates an access token that is valid as long as a session can be, for clients that do not
   * refresh. It is checked like any other and becomes invalid with its session.
   *
   * @param provider the player's id at a provider, or their own id
   */
  public String longLivedAccess(TokenSubject bearer, String provider) {
    var claims =
        claims(bearer, ACCESS, REFRESH_LIFETIME, clock.instant(), ids.uuid())
            .put("discordId", provider);
    return longLived.generateToken(claims, longLivedSigning);
  }

  /** Creates the refresh token of a generation that begins now. */
  public String refresh(TokenSubject bearer, long generation) {
    return refresh(bearer, generation, clock.instant());
  }

  /**
   * Creates the access token of a generation of a session. Any node that knows the same arguments
   * creates the same text.
   *
   * @param generation number of times the session was refreshed before
   * @param issued when the generation began; the token is valid for {@link #ACCESS_LIFETIME} from
   *     then
   */
  public String access(TokenSubject bearer, long generation, Instant issued) {
    String id = id(ACCESS, bearer.session(), generation);
    return jwt.generateToken(claims(bearer, ACCESS, ACCESS_LIFETIME, issued, id), signingOptions);
  }

  /**
   * Creates the refresh token of a generation of a session, reproducible as the access token; one
   * of an older generation is spent.
   */
  public String refresh(TokenSubject bearer, long generation, Instant issued) {
    String id = id(REFRESH, bearer.session(), generation);
    return jwt.generateToken(
        claims(bearer, REFRESH, REFRESH_LIFETIME, issued, id).put("gen", generation),
        signingOptions);
  }

  /** A token id that is unique, as ids of sessions are; it need not be secret. */
  private static String id(String type, SessionId session, long generation) {
    String name = type + ' ' + generation + ' ' + session.value();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * Creates the token that browsers keep in a cookie for the pages. It is accepted by the pages
   * alone, and they accept no other.
   *
   * @param persistent whether the browser keeps the cookie when it is closed
   */
  public String page(SessionId session, PlayerId player, boolean persistent) {
    JsonObject claims =
        claims(PAGE, session, player, PAGE_LIFETIME, clock.instant()).put("keep", persistent);
    return jwt.generateToken(claims, signingOptions);
  }

  /** Reads a page token; throws {@code Denied("invalid_token")} if it is not valid. */
  public PageClaims readPage(String token) {
    JsonObject claims = claims(token, PAGE);
    long expiresMs = seconds(claims, "exp") * 1_000;
    return new PageClaims(
        new AccessClaims(session(claims), player(claims), expiresMs),
        expiresMs - PAGE_LIFETIME.toMillis(),
        Boolean.TRUE.equals(claims.getValue("keep")));
  }

  /**
   * Creates the token of a guest, who is no player. It is accepted by no other method than {@link
   * #readGuest}.
   *
   * @param guest their id, which their user name is too
   */
  public String guest(String guest) {
    long now = clock.instant().getEpochSecond();
    JsonObject claims =
        claims(GUEST, guest, now, GUEST_LIFETIME)
            .put("jti", ids.uuid())
            .put("user_id", guest)
            .put("username", guest)
            .put("role", GUEST);
    return jwt.generateToken(claims, signingOptions);
  }

  /** Reads the token of a guest; throws {@code Denied("invalid_token")} if it is not valid. */
  public GuestClaims readGuest(String token) {
    JsonObject claims = claims(token, GUEST);
    if (claims.getValue("sub") instanceof String guest) {
      return new GuestClaims(guest, seconds(claims, "exp") * 1_000);
    }
    throw invalid();
  }

  /** Reads an access token; throws {@code Denied("invalid_token")} if it is not valid. */
  public AccessClaims readAccess(String token) {
    JsonObject claims = claims(token, ACCESS);
    return new AccessClaims(session(claims), player(claims), seconds(claims, "exp") * 1_000);
  }

  /** Reads a refresh token; throws {@code Denied("invalid_token")} if it is not valid. */
  public RefreshClaims readRefresh(String token) {
    JsonObject claims = claims(token, REFRESH);
    return new RefreshClaims(session(claims), player(claims), seconds(claims, "gen"));
  }

  private static JsonObject claims(
      TokenSubject bearer, String type, Duration lifetime, Instant issued, String id) {
    return claims(type, bearer.session(), bearer.player(), lifetime, issued)
        .put("jti", id)
        .put("user_id", bearer.player().value())
        .put("accountId", bearer.uuid())
        .put("username", bearer.displayName())
        .put("role", bearer.admin() ? "admin" : "player");
  }

  /** The claims common to all kinds of token. */
  private static JsonObject claims(
      String type, SessionId session, PlayerId player, Duration lifetime, Instant issued) {
    return claims(type, player.toString(), issued.getEpochSecond(), lifetime)
        .put("sid", session.value());
  }

  private static JsonObject claims(String type, String subject, long now, Duration lifetime) {
    return new JsonObject()
        .put("aud", ISSUER_AND_AUDIENCE)
        .put("iss", ISSUER_AND_AUDIENCE)
        .put("iat", now)
        .put("nbf", now - 1)
        .put("exp", now + lifetime.toSeconds())
        .put("sub", subject)
        .put("typ", type);
  }

  private JsonObject claims(String token, String type) {
    if (token.length() > LENGTH_MAX || !JsonText.isAcceptableToken(token)) {
      throw invalid();
    }
    JsonObject claims = verifySignature(token, type);
    long now = clock.instant().getEpochSecond();
    boolean valid =
        type.equals(claims.getValue("typ"))
            && ISSUER_AND_AUDIENCE.equals(claims.getValue("iss"))
            && ISSUER_AND_AUDIENCE.equals(claims.getValue("aud"))
            && seconds(claims, "exp") > now
            && seconds(claims, "nbf") < now + LEEWAY_SECONDS
            && seconds(claims, "iat") < now + LEEWAY_SECONDS;
    if (!valid) {
      throw invalid();
    }
    return claims;
  }

  /**
   * Returns the claims of a token with a valid signature. Completes at once, because it only
   * computes. The library also reads the claims and throws when one is not of the type it expects.
   */
  private JsonObject verifySignature(String token, String type) {
    JsonObject claims = verifySignature(token, verifiers);
    if (claims == null && type.equals(ACCESS)) {
      claims = verifySignature(token, longLivedVerifiers);
    }
    if (claims == null) {
      throw invalid();
    }
    return claims;
  }

  private static @Nullable JsonObject verifySignature(String token, List<JWTAuth> verifiers) {
    for (JWTAuth verifier : verifiers) {
      JsonObject claims = verifySignature(token, verifier);
      if (claims != null) {
        return claims;
      }
    }
    return null;
  }

  private static @Nullable JsonObject verifySignature(String token, JWTAuth verifier) {
    Future<User> user;
    try {
      user = verifier.authenticate(new TokenCredentials(token));
    } catch (ClassCastException | IllegalArgumentException _) {
      return null;
    }
    return user.succeeded() ? user.result().attributes().getJsonObject("accessToken") : null;
  }

  private static SessionId session(JsonObject claims) {
    if (claims.getValue("sid") instanceof String sid && !sid.isEmpty()) {
      return new SessionId(sid);
    }
    throw invalid();
  }

  private static PlayerId player(JsonObject claims) {
    if (claims.getValue("sub") instanceof String sub) {
      try {
        return new PlayerId(Long.parseLong(sub));
      } catch (NumberFormatException _) {
        throw invalid();
      }
    }
    throw invalid();
  }

  private static long seconds(JsonObject claims, String claim) {
    if (claims.getValue(claim) instanceof Number number) {
      return number.longValue();
    }
    throw invalid();
  }

  static Refused invalid() {
    return Refused.denied("invalid_token");
  }

  /** The claims of an access token. */
  public record AccessClaims(SessionId session, PlayerId player, long expiresMs) {}

  /**
   * The claims of a guest's token.
   *
   * @param guest their id
   */
  public record GuestClaims(String guest, long expiresMs) {}

  /** The claims of a page token. */
  public record PageClaims(AccessClaims access, long issuedMs, boolean persistent) {}

  /** The claims of a refresh token. */
  public record RefreshClaims(SessionId session, PlayerId player, long generation) {}
}
