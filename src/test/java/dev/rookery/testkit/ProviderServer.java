package dev.rookery.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Discord, Google, Facebook, Apple, Steam and an OpenID Connect issuer on loopback, as far as a
 * sign-in needs them: codes that are valid once and only with their PKCE verifier, profiles, signed
 * tokens, and Apple's check of the client secret. Any path can be made to fail, hang or stall.
 */
public final class ProviderServer implements AutoCloseable {
  public static final String CLIENT = "client-1";
  public static final String SECRET = "a secret between two";
  public static final String PHONE_CLIENT = "phone-1";
  public static final String STEAM_NS = "http://specs.openid.net/auth/2.0";
  private static final Map<String, RSAKey> RSA_KEYS = new ConcurrentHashMap<>();

  private static final String TEAM = "TEAM1";
  private static final String BASIC =
      "Basic "
          + Base64.getEncoder()
              .encodeToString(
                  (CLIENT + ":" + SECRET.replace(' ', '+')).getBytes(StandardCharsets.US_ASCII));
  private static final Set<String> AUTHORIZE =
      Set.of(
          "/connect/authorize",
          "/oauth2/authorize",
          "/o/oauth2/v2/auth",
          "/v18.0/dialog/oauth",
          "/auth/authorize");
  private static final Set<String> TOKEN =
      Set.of(
          "/connect/token", "/oauth2/token", "/token", "/v18.0/oauth/access_token", "/auth/token");
  private static final Set<String> PROFILE = Set.of("/users/@me", "/v1/userinfo", "/v18.0/me");

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger counter = new AtomicInteger();
  private final Map<String, Grant> codes = new ConcurrentHashMap<>();
  private final Map<String, JsonObject> users = new ConcurrentHashMap<>();
  private final Map<String, ProviderResponse> responses = new ConcurrentHashMap<>();
  private final Set<String> steamAnswers = ConcurrentHashMap.newKeySet();
  private volatile RSAKey google;
  private volatile String clientAuthentication = "client_secret_post";
  private final ECKey apple;
  private final ECKey appleClient;
  private volatile JsonObject user = new JsonObject();

  private record Grant(JsonObject user, Map<String, String> request) {}

  /** An answer. Without a body there is none at all; a stalled one ends before its last byte. */
  private record ProviderResponse(int status, String body, boolean stalls) {
    ProviderResponse(int status, String body) {
      this(status, body, false);
    }
  }

  private ProviderServer() throws IOException, JOSEException {
    google = key("g1");
    apple = new ECKeyGenerator(Curve.P_256).keyID("a1").generate();
    appleClient = new ECKeyGenerator(Curve.P_256).keyID("KEY1").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::serve);
    server.start();
  }

  /** The key of this name, which is the same for all servers: generating one takes seconds. */
  private static RSAKey key(String name) {
    return RSA_KEYS.computeIfAbsent(
        name,
        id -> {
          try {
            return new RSAKeyGenerator(2048).keyID(id).algorithm(JWSAlgorithm.RS256).generate();
          } catch (JOSEException failure) {
            throw new AssertionError(failure);
          }
        });
  }

  /** Replaces the key that Google signs with; the key set no longer has the old one. */
  public void rotateKey(String name) {
    google = key(name);
  }

  public RSAKey googleKey() {
    return google;
  }

  /**
   * Acts as an OpenID Connect issuer, too, whose token endpoint takes one method of client
   * authentication.
   *
   * @param method {@code client_secret_basic} or {@code client_secret_post}
   * @param advertised whether the discovery document names the method
   */
  public void actAsIssuer(String method, boolean advertised) {
    clientAuthentication = method;
    var discovery =
        JsonObject.of(
            "issuer", url(),
            "authorization_endpoint", url() + "/connect/authorize",
            "token_endpoint", url() + "/connect/token",
            "jwks_uri", url() + "/oauth2/v3/certs");
    if (advertised) {
      discovery.put("token_endpoint_auth_methods_supported", JsonArray.of(method));
    }
    respondWith("/.well-known/openid-configuration", 200, discovery.encode());
  }

  public static ProviderServer start() {
    try {
      return new ProviderServer();
    } catch (IOException | JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Environment of a node that uses all of these providers. */
  public Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    for (String name : new String[] {"DISCORD", "GOOGLE", "FACEBOOK"}) {
      environment.put(name + "_CLIENT_ID", CLIENT);
      environment.put(name + "_CLIENT_SECRET", SECRET);
    }
    for (String name : new String[] {"DISCORD", "GOOGLE", "FACEBOOK", "APPLE", "STEAM"}) {
      environment.put(name + "_API_BASE_URL", url());
    }
    environment.put("APPLE_WEB_CLIENT_ID", CLIENT);
    environment.put("APPLE_IOS_CLIENT_ID", PHONE_CLIENT);
    environment.put("APPLE_TEAM_ID", TEAM);
    environment.put("APPLE_KEY_ID", "KEY1");
    environment.put("APPLE_PRIVATE_KEY", privateKey());
    environment.put("STEAM_API_KEY", "steam-key");
    environment.put("STEAM_APP_ID", "480");
    environment.put("ROOKERY_PROVIDERS_WITHIN", "5s");
    return environment;
  }

  private String privateKey() {
    try {
      return Base64.getEncoder().encodeToString(appleClient.toPrivateKey().getEncoded());
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  /**
   * Sets the user of the next sign-ins: the profile, the claims of the ID token, or for Steam the
   * {@code steamid}.
   */
  public void nextUser(JsonObject profile) {
    user = profile;
  }

  /** A code that an app obtained itself. */
  public String code(JsonObject profile) {
    String code = "code-" + counter.incrementAndGet();
    codes.put(code, new Grant(profile, Map.of()));
    return code;
  }

  /** An access token that an app obtained itself. */
  public String token(JsonObject profile) {
    String token = "token-" + counter.incrementAndGet();
    users.put(token, profile);
    return token;
  }

  /** Opens a URL of a provider as a browser does, and returns the URL it is redirected to. */
  public static URI openInBrowser(String url) {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    try {
      var answer = TestNode.client().send(request, BodyHandlers.discarding());
      return URI.create(answer.headers().firstValue("location").orElseThrow());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** From now on the path gives this answer to every request. */
  public void respondWith(String path, int status, String body) {
    responses.put(path, new ProviderResponse(status, body));
  }

  /** From now on the path gives no answer. */
  public void hang(String path) {
    responses.put(path, new ProviderResponse(0, null));
  }

  /** From now on the path sends half an answer and never the rest. */
  public void stall(String path) {
    responses.put(path, new ProviderResponse(200, "{\"never\":", true));
  }

  public void reset() {
    responses.clear();
  }

  /** A token signed with Google's key. */
  public String googleToken(JsonObject claims) {
    try {
      return signed(new RSASSASigner(google), JWSAlgorithm.RS256, google.getKeyID(), claims);
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  public String appleToken(JsonObject claims) {
    return signed(signer(apple), JWSAlgorithm.ES256, "a1", claims);
  }

  /** A token signed with an unknown key, under the id of a known one. */
  public String forgedToken(JsonObject claims) {
    return signed(signer(appleClient), JWSAlgorithm.ES256, "a1", claims);
  }

  private static JWSSigner signer(ECKey key) {
    try {
      return new ECDSASigner(key);
    } catch (JOSEException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String signed(
      JWSSigner signer, JWSAlgorithm algorithm, String key, JsonObject claims) {
    try {
      var jwt =
          new SignedJWT(
              new JWSHeader.Builder(algorithm).keyID(key).build(),
              JWTClaimsSet.parse(claims.encode()));
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException | ParseException failure) {
      throw new AssertionError(failure);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      var asked = fields(exchange.getRequestURI().getRawQuery());
      asked.putAll(
          fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      ProviderResponse answer = responses.get(path);
      if (answer == null) {
        answer = answer(exchange, path, asked);
      }
      if (answer.body == null) {
        closed.await();
        return;
      }
      byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json; charset=utf-8");
      long length = answer.stalls ? body.length + 1L : body.length == 0 ? -1 : body.length;
      exchange.sendResponseHeaders(answer.status, length);
      exchange.getResponseBody().write(body);
      if (answer.stalls) {
        exchange.getResponseBody().flush();
        closed.await();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private ProviderResponse answer(HttpExchange exchange, String path, Map<String, String> asked) {
    if (AUTHORIZE.contains(path)) {
      String code = code(user);
      codes.put(code, new Grant(user, asked));
      return redirected(
          exchange, asked.get("redirect_uri"), Map.of("code", code, "state", asked.get("state")));
    }
    if (TOKEN.contains(path)) {
      return tokens(exchange, path, asked);
    }
    if (PROFILE.contains(path)) {
      var person = users.get(bearer(exchange));
      return person == null
          ? new ProviderResponse(401, "{}")
          : new ProviderResponse(200, person.encode());
    }
    return switch (path) {
      case "/oauth2/@me" ->
          new ProviderResponse(
              users.containsKey(bearer(exchange)) ? 200 : 401,
              JsonObject.of(
                      "application",
                      JsonObject.of(
                          "id",
                          users
                              .getOrDefault(bearer(exchange), new JsonObject())
                              .getString("app", CLIENT)))
                  .encode());
      case "/oauth2/v3/certs" ->
          new ProviderResponse(200, new JWKSet(google.toPublicJWK()).toString());
      case "/auth/keys" -> new ProviderResponse(200, new JWKSet(apple.toPublicJWK()).toString());
      case "/openid/login" -> steam(exchange, asked);
      case "/ISteamUserAuth/AuthenticateUserTicket/v1/" -> ticket(asked);
      case "/ISteamUser/GetPlayerSummaries/v2/" ->
          new ProviderResponse(
              200,
              JsonObject.of("response", JsonObject.of("players", JsonArray.of(user))).encode());
      default -> new ProviderResponse(404, "{}");
    };
  }

  private ProviderResponse tokens(HttpExchange exchange, String path, Map<String, String> asked) {
    Grant grant = codes.remove(asked.getOrDefault("code", ""));
    boolean known =
        path.equals("/auth/token")
            ? isSignedByClient(asked.get("client_secret"), asked.get("client_id"))
            : path.equals("/connect/token") && clientAuthentication.equals("client_secret_basic")
                ? BASIC.equals(exchange.getRequestHeaders().getFirst("authorization"))
                    && !asked.containsKey("client_secret")
                : CLIENT.equals(asked.get("client_id"))
                    && SECRET.equals(asked.get("client_secret"));
    if (grant == null || !known || !"authorization_code".equals(asked.get("grant_type"))) {
      return new ProviderResponse(400, "{\"error\":\"invalid_grant\"}");
    }
    String challenge = grant.request.get("code_challenge");
    boolean proven = challenge == null || challenge.equals(challenge(asked.get("code_verifier")));
    String redirect = grant.request.get("redirect_uri");
    if (!proven || (redirect != null && !redirect.equals(asked.get("redirect_uri")))) {
      return new ProviderResponse(400, "{\"error\":\"invalid_grant\"}");
    }
    if (path.equals("/auth/token") || path.equals("/connect/token")) {
      var claims = grant.user.copy();
      if (grant.request.containsKey("nonce") && !claims.containsKey("nonce")) {
        claims.put("nonce", grant.request.get("nonce"));
      }
      String token = path.equals("/auth/token") ? appleToken(claims) : googleToken(claims);
      return new ProviderResponse(200, JsonObject.of("id_token", token).encode());
    }
    return new ProviderResponse(200, JsonObject.of("access_token", token(grant.user)).encode());
  }

  /** Whether the client secret is a valid token of the team, for Apple and this client. */
  private boolean isSignedByClient(String secret, String client) {
    try {
      var jwt = SignedJWT.parse(secret);
      var claims = jwt.getJWTClaimsSet();
      long now = System.currentTimeMillis();
      return jwt.verify(new ECDSAVerifier(appleClient.toPublicJWK()))
          && "KEY1".equals(jwt.getHeader().getKeyID())
          && TEAM.equals(claims.getIssuer())
          && client.equals(claims.getSubject())
          && claims.getAudience().contains("https://appleid.apple.com")
          && claims.getExpirationTime().after(new Date(now))
          && claims.getExpirationTime().before(new Date(now + 3_600_000));
    } catch (ParseException | JOSEException failure) {
      return false;
    }
  }

  private ProviderResponse steam(HttpExchange exchange, Map<String, String> asked) {
    if ("check_authentication".equals(asked.get("openid.mode"))) {
      boolean mine = steamAnswers.remove(asked.getOrDefault("openid.sig", ""));
      return new ProviderResponse(200, "ns:" + STEAM_NS + "\nis_valid:" + mine + "\n");
    }
    return redirected(exchange, asked.get("openid.return_to"), steamAssertion(asked));
  }

  /** The assertion that Steam gives to a browser; Steam confirms it once. */
  public Map<String, String> steamAssertion(Map<String, String> asked) {
    String id = "https://steamcommunity.com/openid/id/" + user.getString("steamid");
    String signature = "sig-" + counter.incrementAndGet();
    steamAnswers.add(signature);
    var answer = new HashMap<String, String>();
    answer.put("openid.ns", STEAM_NS);
    answer.put("openid.mode", "id_res");
    answer.put("openid.op_endpoint", url() + "/openid/login");
    answer.put("openid.claimed_id", id);
    answer.put("openid.identity", id);
    answer.put("openid.return_to", asked.get("openid.return_to"));
    answer.put("openid.response_nonce", "2026-01-01T00:00:00Z" + signature);
    answer.put("openid.assoc_handle", "1");
    answer.put(
        "openid.signed",
        "signed,op_endpoint,claimed_id,identity,return_to,response_nonce,assoc_handle");
    answer.put("openid.sig", signature);
    return answer;
  }

  private ProviderResponse ticket(Map<String, String> asked) {
    boolean good =
        "steam-key".equals(asked.get("key"))
            && "480".equals(asked.get("appid"))
            && "14000000deadbeef".equals(asked.get("ticket"));
    return new ProviderResponse(
        200,
        good
            ? JsonObject.of(
                    "response",
                    JsonObject.of(
                        "params",
                        JsonObject.of(
                            "result", "OK",
                            "steamid", user.getString("steamid"),
                            "ownersteamid", user.getString("steamid"))))
                .encode()
            : "{\"response\":{\"error\":{\"errorcode\":101,\"errordesc\":\"Invalid ticket\"}}}");
  }

  private static ProviderResponse redirected(
      HttpExchange exchange, String to, Map<String, String> fields) {
    String query = query(fields);
    exchange.getResponseHeaders().set("location", to + (to.contains("?") ? "&" : "?") + query);
    return new ProviderResponse(302, "");
  }

  public static String query(Map<String, String> fields) {
    var query = new StringBuilder();
    fields.forEach(
        (name, value) ->
            query
                .append(query.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }

  /** The fields of a form, or of the query of a URL. */
  public static Map<String, String> fields(String form) {
    var fields = new HashMap<String, String>();
    if (form != null && form.contains("=")) {
      for (String field : form.split("&", -1)) {
        int equals = field.indexOf('=');
        fields.put(
            URLDecoder.decode(field.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  public static Map<String, String> fields(URI url) {
    return fields(url.getRawQuery());
  }

  private static String bearer(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("authorization");
    return header == null ? "" : header.substring("Bearer ".length());
  }

  private static String challenge(String verifier) {
    if (verifier == null) {
      return "";
    }
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.close();
  }
}
