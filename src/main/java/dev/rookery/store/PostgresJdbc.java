package dev.rookery.store;

import dev.rookery.base.ServiceUrl;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;

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

  /**
   * Connects with a driver of the class loader that has loaded the server. The driver manager would
   * look for one with the class loader of whichever thread asks first.
   */
  static Connection connect(DatabaseLocation.Server at) throws SQLException {
    var properties = new Properties();
    properties.putAll(properties(at));
    String url = url(at);
    for (Driver driver : ServiceLoader.load(Driver.class, PostgresJdbc.class.getClassLoader())) {
      Connection connection = driver.connect(url, properties);
      if (connection != null) {
        return connection;
      }
    }
    throw new IllegalStateException("there is no driver for " + url);
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
