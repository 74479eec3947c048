import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The Java client as a second opinion on the record batch codec. `write SERVERS TOPIC COMPRESSION`: the lines of its
 * input as records of partition 0. `read SERVERS TOPIC COUNT`: prints records of partition 0 as such lines. A line is
 * `timestamp key value header=value…`, bytes as hex behind a colon, `-` for null.
 */
public class JavaRecords {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("write")) write(args[1], args[2], args[3]);
    else read(args[1], args[2], Integer.parseInt(args[3]));
  }

  static void write(String servers, String topic, String compression) throws Exception {
    Map<String, Object> config =
        Map.of("bootstrap.servers", servers, "compression.type", compression, "linger.ms", 1000, "batch.size", 1_000_000);
    try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] parts = line.split(" ");
        var record =
            new ProducerRecord<>(topic, 0, Long.parseLong(parts[0]), bytes(parts[1]), bytes(parts[2]));
        for (int i = 3; i < parts.length; i++) {
          String[] header = parts[i].split("=");
          record.headers().add(new String(bytes(header[0]), StandardCharsets.UTF_8), bytes(header[1]));
        }
        producer.send(record);
      }
    }
  }

  static void read(String servers, String topic, int count) {
    Map<String, Object> config = Map.of("bootstrap.servers", servers, "check.crcs", true);
    try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      for (int left = count; left > 0; ) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1)).records(partition)) {
          var line = new StringBuilder(record.timestamp() + " " + hex(record.key()) + " " + hex(record.value()));
          record.headers().forEach(header ->
              line.append(' ').append(hex(header.key().getBytes(StandardCharsets.UTF_8))).append('=').append(hex(header.value())));
          System.out.println(line);
          left--;
        }
      }
    }
  }

  static byte[] bytes(String text) {
    return text.equals("-") ? null : HexFormat.of().parseHex(text.substring(1));
  }

  static String hex(byte[] bytes) {
    return bytes == null ? "-" : ":" + HexFormat.of().formatHex(bytes);
  }
}
