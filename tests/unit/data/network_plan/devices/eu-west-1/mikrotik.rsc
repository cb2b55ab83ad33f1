# ACK Edge network plan: Static routes, MikroTik RouterOS
# Site dc-dublin, cluster in eu-west-1. Lists, objects and rules of this plan begin with ACK-EDGE-EC36.
# These lines only add: none of them replaces or removes a list, a policy or a rule that exists.
# Enter the lines of the part Add; lines that begin with # are for people.
# Enter in a terminal, or import the file. RouterOS saves at once.
# A route that another plan of this site has as well is gone for both once it is taken out.
# plan.md says what each hop needs, and lists 15 open items.
#
# === Add ===
/ip route add dst-address=100.100.0.18/32 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=100.100.0.175/32 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=100.100.2.136/32 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=100.100.2.138/32 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=100.100.9.9/32 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=100.100.9.10/32 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=100.114.114.128/25 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip route add dst-address=192.168.0.0/16 gateway=172.20.0.254 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.100.0.18/32 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.100.0.175/32 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.100.2.136/32 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.100.2.138/32 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.100.9.9/32 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.100.9.10/32 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=100.114.114.128/25 comment=ACK-EDGE-EC36
/ip firewall address-list add list=ACK-EDGE-EC36-V4 address=192.168.0.0/16 comment=ACK-EDGE-EC36
#
# === Show === Run these before as well: nothing of this plan may be there yet.
# /ip route print where comment=ACK-EDGE-EC36
# /ip firewall address-list print where list=ACK-EDGE-EC36-V4
#
# === Take out === Exactly what the first part added.
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.100.0.18/32]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.100.0.175/32]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.100.2.136/32]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.100.2.138/32]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.100.9.9/32]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.100.9.10/32]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=100.114.114.128/25]
# /ip route remove [find comment=ACK-EDGE-EC36 dst-address=192.168.0.0/16]
# /ip firewall address-list remove [find list=ACK-EDGE-EC36-V4]
