package dev.rookery.store;

import dev.rookery.base.ServiceUrl;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of the JDBC driver, which migrates the schema and looks at the server before the
 * pool is opened.
 */
final class PostgresJdbc {
  private static final String CONNECT_SECONDS = "5";

  private PostgresJdbc() {}

  static String url(DatabaseLocation.Server at) {
    String host = at.isSocket() ? "localhost" : ServiceUrl.bracketed(at.host());
    return "jdbc:postgresql://" + host + ":" + at.port() + "/" + ServiceUrl.encode(at.database());
  }

  static Map<String, String> properties(DatabaseLocation.Server at) {
    var properties = new HashMap<String, String>();
    properties.put("user", at.user());
    properties.put("connectTimeout", CONNECT_SECONDS);
    properties.put("gssEncMode", "disable");
    properties.put("ApplicationName", "rookery");
    if (at.password() != null) {
      properties.put("password", at.password());
    }
    if (at.pooled()) {
      // A prepared statement would be sought in another session.
      properties.put("prepareThreshold", "0");
    }
    if (at.isSocket()) {
      properties.put("sslmode", "disable");
      properties.put("socketFactory", UnixSocketFactory.class.getName());
      properties.put("socketFactoryArg", at.socketPath());
    } else {
      PostgresTlsSockets.put(at.tls(), properties);
    }
    return properties;
  }
}
