package dev.rookery.session;

import dev.rookery.base.Ids;
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
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Signs and reads the kinds of token. Says nothing about whether the session behind one is still
 * open: that is for {@link Sessions}. Safe on any thread.
 *
 * <p>One algorithm and one key for each kind, and every claim that is written is checked when read.
 * A token of one kind is never taken for the other.
 */
public final class Tokens {
  public static final Duration ACCESS_FOR = Duration.ofMinutes(15);
  public static final Duration REFRESH_FOR = Duration.ofDays(30);

  public static final Duration PAGE_FOR = Duration.ofDays(14);

  private static final String ALGORITHM = "HS512";
  private static final String LASTING_ALGORITHM = "HS256";
  private static final String PARTY = "game_server";
  private static final String ACCESS = "access";
  private static final String REFRESH = "refresh";
  private static final String PAGE = "page";
  // Ours have fewer than 800 characters; longer ones are refused before anything is computed.
  private static final int CHARACTERS_MAX = 4_096;

  private final JWTAuth jwt;
  private final JWTAuth lasting;
  private final JWTOptions signing = options(ALGORITHM);
  private final JWTOptions signingLasting = options(LASTING_ALGORITHM);
  private final InstantSource clock;
  private final Ids ids;

  /**
   * @param secret its UTF-8 bytes are the key
   */
  public Tokens(Vertx vertx, String secret, InstantSource clock, Ids ids) {
    this(vertx, secret, "lasting " + secret, clock, ids);
  }

  /**
   * @param lastingSecret for access tokens that last; others may know it, to read such tokens: who
   *     forges one needs the name of an open session besides
   */
  public Tokens(Vertx vertx, String secret, String lastingSecret, InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
    this.jwt = jwt(vertx, ALGORITHM, secret);
    this.lasting = jwt(vertx, LASTING_ALGORITHM, lastingSecret);
  }

  private static JWTAuth jwt(Vertx vertx, String algorithm, String secret) {
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .addPubSecKey(
                new PubSecKeyOptions()
                    .setAlgorithm(algorithm)
                    .setBuffer(Buffer.buffer(secret.getBytes(StandardCharsets.UTF_8))))
            // Times and parties are checked here, against our clock.
            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
  }

  private static JWTOptions options(String algorithm) {
    return new JWTOptions().setAlgorithm(algorithm).setNoTimestamp(true);
  }

  public String access(TokenSubject bearer) {
    return jwt.generateToken(claims(bearer, ACCESS, ACCESS_FOR), signing);
  }

  /**
   * An access token for as long as a session may be, for clients that refresh nothing. It is worth
   * as much as any other, and as little once its session has ended.
   *
   * @param provider the player's id at a provider, or his own
   */
  public String lasting(TokenSubject bearer, String provider) {
    var claims = claims(bearer, ACCESS, REFRESH_FOR).put("discordId", provider);
    return lasting.generateToken(claims, signingLasting);
  }

  /**
   * @param generation how often the session was refreshed before; a token of an older one is spent
   */
  public String refresh(TokenSubject bearer, long generation) {
    return jwt.generateToken(claims(bearer, REFRESH, REFRESH_FOR).put("gen", generation), signing);
  }

  /**
   * What a browser keeps in a cookie of our pages. It opens nothing else, and nothing else opens
   * them.
   *
   * @param kept whether the browser keeps it when it is closed
   */
  public String page(SessionId session, PlayerId player, boolean kept) {
    JsonObject claims = claims(PAGE, session, player, PAGE_FOR).put("keep", kept);
    return jwt.generateToken(claims, signing);
  }

  /** {@code Denied("invalid_token")} unless it is a valid page token of ours. */
  public PageClaims readPage(String token) {
    JsonObject claims = claims(token, PAGE);
    long expiresMs = seconds(claims, "exp") * 1_000;
    return new PageClaims(
        new AccessClaims(session(claims), player(claims), expiresMs),
        expiresMs - PAGE_FOR.toMillis(),
        Boolean.TRUE.equals(claims.getValue("keep")));
  }

  /** {@code Denied("invalid_token")} unless it is a valid access token of ours. */
  public AccessClaims readAccess(String token) {
    JsonObject claims = claims(token, ACCESS);
    return new AccessClaims(session(claims), player(claims), seconds(claims, "exp") * 1_000);
  }

  /** {@code Denied("invalid_token")} unless it is a valid refresh token of ours. */
  public RefreshClaims readRefresh(String token) {
    JsonObject claims = claims(token, REFRESH);
    return new RefreshClaims(session(claims), player(claims), seconds(claims, "gen"));
  }

  private JsonObject claims(TokenSubject bearer, String type, Duration lifetime) {
    return claims(type, bearer.session(), bearer.player(), lifetime)
        .put("jti", ids.uuid())
        .put("user_id", bearer.player().value())
        .put("accountId", bearer.uuid())
        .put("username", bearer.displayName())
        .put("role", bearer.admin() ? "admin" : "player");
  }

  /** What every token of ours says. */
  private JsonObject claims(String type, SessionId session, PlayerId player, Duration lifetime) {
    long now = clock.instant().getEpochSecond();
    return new JsonObject()
        .put("aud", PARTY)
        .put("iss", PARTY)
        .put("iat", now)
        .put("nbf", now - 1)
        .put("exp", now + lifetime.toSeconds())
        .put("sub", player.toString())
        .put("typ", type)
        .put("sid", session.value());
  }

  private JsonObject claims(String token, String type) {
    if (token.length() > CHARACTERS_MAX) {
      throw invalid();
    }
    JsonObject claims = authentic(token, type);
    long now = clock.instant().getEpochSecond();
    boolean valid =
        type.equals(claims.getValue("typ"))
            && PARTY.equals(claims.getValue("iss"))
            && PARTY.equals(claims.getValue("aud"))
            && seconds(claims, "exp") > now
            && seconds(claims, "nbf") <= now
            && seconds(claims, "iat") <= now;
    if (!valid) {
      throw invalid();
    }
    return claims;
  }

  /**
   * The claims of a token whose signature is ours. Completes at once: it only computes. The library
   * also looks into the claims, and breaks when one is not of the type it expects.
   */
  private JsonObject authentic(String token, String type) {
    JsonObject claims = authentic(token, jwt);
    if (claims == null && type.equals(ACCESS)) {
      claims = authentic(token, lasting);
    }
    if (claims == null) {
      throw invalid();
    }
    return claims;
  }

  private static @Nullable JsonObject authentic(String token, JWTAuth by) {
    Future<User> user;
    try {
      user = by.authenticate(new TokenCredentials(token));
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

  /** What an access token says. */
  public record AccessClaims(SessionId session, PlayerId player, long expiresMs) {}

  /** What a page token says. */
  public record PageClaims(AccessClaims access, long issuedMs, boolean kept) {}

  /** What a refresh token says. */
  public record RefreshClaims(SessionId session, PlayerId player, long generation) {}
}
