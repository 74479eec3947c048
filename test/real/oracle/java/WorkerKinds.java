import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.ConnectMetrics;
import org.apache.kafka.connect.runtime.ConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.TransformationStage;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.util.ConnectorTaskId;
import org.apache.kafka.connect.util.TopicCreationGroup;

/** Kinds that need a worker's config and its scan for plugins. */
class WorkerKinds {
    private static final ObjectMapper json = Oracle.json;
    static final ConnectorTaskId task = new ConnectorTaskId("c", 0);
    private static Plugins plugins;
    private static ConnectMetrics metrics;

    private static Plugins plugins() {
        if (plugins == null) plugins = new Plugins(Map.of());
        return plugins;
    }

    static ConnectMetrics metrics() {
        if (metrics != null) return metrics;
        plugins();
        String converter = JsonConverter.class.getName();
        WorkerConfig config = new StandaloneConfig(Map.of("bootstrap.servers", "127.0.0.1:9", "key.converter", converter,
            "value.converter", converter, "offset.storage.file.filename", "/dev/null"));
        metrics = new ConnectMetrics("worker", config, Time.SYSTEM, "cluster");
        return metrics;
    }

    private static Map<String, String> connector(Map<String, String> config) {
        Map<String, String> all = new LinkedHashMap<>(config);
        all.putIfAbsent("name", "connector");
        all.putIfAbsent("connector.class", "Connector");
        return all;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static JsonNode chain(JsonNode input, Map<String, String> config) {
        ConnectMetrics metrics = metrics();
        Oracle.stage = "configure";
        List<TransformationStage> stages =
            (List) new ConnectorConfig(plugins, connector(config)).transformationStages(plugins, task, metrics);
        Oracle.stage = "apply";
        ConnectRecord record = Records.decode(input);
        try {
            for (TransformationStage each : stages) {
                record = each.apply(record);
                if (record == null) return Kinds.DROPPED;
            }
            return Records.encode(record);
        } finally {
            stages.forEach(TransformationStage::close);
        }
    }

    static JsonNode topicCreation(JsonNode input, Map<String, String> config) {
        Oracle.stage = "configure";
        boolean enabled = input.path("workerTopicCreationEnable").asBoolean(true);
        SourceConnectorConfig source = new SourceConnectorConfig(plugins(), connector(config), enabled);
        ObjectNode node = json.createObjectNode().put("usesTopicCreation", source.usesTopicCreation());
        if (!source.usesTopicCreation()) return node;
        Map<String, TopicCreationGroup> groups = TopicCreationGroup.configuredGroups(source);
        Oracle.stage = "apply";
        node.set("groups", json.valueToTree(groups.keySet()));
        ObjectNode topics = node.putObject("topics");
        for (JsonNode topic : input.get("topics")) {
            String name = topic.asText();
            TopicCreationGroup group = groups.values().stream().filter(g -> g.matches(name)).findFirst().orElse(groups.get("default"));
            NewTopic created = group.newTopic(name);
            ObjectNode each = topics.putObject(name).put("group", group.name());
            each.put("partitions", created.numPartitions()).put("replicationFactor", created.replicationFactor());
            each.set("configs", json.valueToTree(created.configs()));
        }
        return node;
    }

    static JsonNode submitted(JsonNode input) throws Exception {
        Object records = Internals.create(Class.forName("org.apache.kafka.connect.runtime.SubmittedRecords"), new Class<?>[0]);
        Map<String, Object> submitted = new HashMap<>();
        ArrayNode answers = json.createArrayNode();
        for (JsonNode step : input) {
            String id = step.path(1).asText();
            switch (step.get(0).asText()) {
                case "submit":
                    Map<String, Object> offset = Map.of("o", step.path(3).numberValue());
                    submitted.put(id, Internals.call(records, "submit", Map.of("p", step.get(2).asText()), offset));
                    break;
                case "ack":
                    Internals.call(submitted.get(id), "ack");
                    break;
                case "drop":
                    answers.add((boolean) Internals.call(submitted.get(id), "drop"));
                    break;
                default: answers.add(committable(Internals.call(records, "committableOffsets")));
            }
        }
        return answers;
    }

    private static JsonNode committable(Object taken) throws Exception {
        ObjectNode node = json.createObjectNode();
        ObjectNode offsets = node.putObject("offsets");
        for (Map.Entry<?, ?> each : ((Map<?, ?>) Internals.call(taken, "offsets")).entrySet()) {
            String partition = (String) ((Map<?, ?>) each.getKey()).get("p");
            offsets.set(partition, json.valueToTree(((Map<?, ?>) each.getValue()).get("o")));
        }
        node.put("committable", (int) Internals.call(taken, "numCommittableMessages"));
        node.put("uncommittable", (int) Internals.call(taken, "numUncommittableMessages"));
        node.put("partitionsPending", (int) Internals.call(taken, "numDeques"));
        node.put("largestPending", (int) Internals.call(taken, "largestDequeSize"));
        return node.put("hasPending", (boolean) Internals.call(taken, "hasPending"));
    }
}
