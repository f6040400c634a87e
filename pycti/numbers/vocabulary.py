"""Words that stand beside numbers: English, Spanish and German, in lower case, without accents.

Some plurals are left out on purpose: they name a department ("Orders: 020 …") where the singular
names a thing that has a number ("Order 123"). Words that one language has for a thing and another
for people ("Police") are left out, too.
"""

TELEPHONE_WORDS = """
abends ambulance ambulancia ambulancias angerufen anzurufen apotheke arzt arztin auskunft aussen
avisar avisara avise avisen ayuda beschwerden bizum bomberos buro buzon call callback called
calling calls cel cell cellphone cells cellular celu colegio combox complaints conmutador
consultas contact contacto contacts daytime desk dial dialing dialling dials dienstlich direct
directo direkt direktwahl doctor doctora dudas dw emergency empfang escuela evening evenings
extension farmacia feuerwehr fijo fijos fon fragen freephone fuera garage gebuhrenfrei
geschaftlich gratuito grua guarderia guardia handset help helpdesk hospital hotel info infoline
informacion information kita klappe kostenfrei krankenhaus kundenbetreuung kundendienst
kundenservice lada line linea lines localizable mailbox marcando marcar marque marquen medica
medico mensaje message minicom mob nachts noches notdienst nst office oficina outside pannendienst
pannenhilfe ph pharmacy phone phoned phones phoning police policia polizei privat queries query
question questions rang reach reachable reached recepcion reception reclamaciones reservas
reservations restaurant restaurante rezeption ring ringing rings ruckfragen ruf rufe rufen ruft
school schule secretaria sekretariat signal sms soporte support switchboard tagsuber taller tardes
taxi tel telegram telf text textphone texts tf tfn tfno tfo tlf tlfn tlfno tno tollfree tty
vermittlung voicemail wahl wahlen wahlt weekends werkstatt whatsapp wochenende
"""
"""They say: a telephone number."""

TELEPHONE_STEMS = """
anruf ansprechpartner bereitschaft celular centralita durchwahl emergencia enquir erreich
erreichbar fax festnetz handy helpline hotline inquir kontakt landline llam mobil movil nebenst
notfall notruf ruckruf rufnummer service servicio storung telefax telefon telefonea telephon
urgencia zentrale
"""
"""So do words that begin so."""

THINGS = """
abn acc acn activo agreement akte aktenzeichen amex amount angebot antwortzeit anzahl ars article
artikel artnr asset auftrag awb az balance batch batches beleg bestatigung bestellnr bestellung
betrag betrage bevolkerung bic bill billete bios bip blz boleto bono cantidad cbu charge chargen
checksum cheque chf cif cifra cifras clabe clp cod code codes conf confirmation consignment
container contenedor contrasena coordenadas coordinates cost coste costo coupon cuentakilometros
cuil cuit curp cvu debit debt decimo deficit deuda devolucion dhl dni doi dolares dollar dollars
dpd duns ean einwohner entradas eori epoch ergebnis ergebnisse ersatzteil ersetzt estafeta eur
euro euros exp expdte facturado fahrschein fedex figures firmware fiscal fra franken frecuente
frequent gauss gbp gdp gehalt gewicht gls gps grabnr gtin guid gutachten gutschein handelsregister
hash haushalte hawb hermes hogares households hra hrb hs iban iccid id ids imei imo importe imsi
incidencia incident ingresos inventar invoice ip ipv4 ipv6 isbn isin ismn isrc issn itin iva
karten kassenzeichen kenncode kennung kennwort kennzeichen kilometerstand konnossement konto
koordinaten kosten kreditkarte kto kundenkonto lat latitude libras licence license licitacion
lieferschein lizenz llave lng localizador locator lon longitude losnr lot loteria lotes lottery
lotto mastercard mawb md5 menge mileage million millonen millones mittelwert mpn mrn mrw mwst mxn
nacex nhs nie nif nino nip nipo northing ns nummernschild nve odometer oferta order otp pallet
passcode password passwort patent patente personalausweis peso pesos pib pid pin plombe plz pnr po
poblacion pobox points population postal postcode postfach pounds precio preis price prix
prufzeichen puk punkte puntos puntuacion qty quantity random receipt rechnung reemplaza ref
referenc reference referenz refs reisepass replaces repuesto reservation resultados revenue rfc
rma rucksendung rut s/n salary saldo schaden scheck schulden seal sendung serial serie seriennr
seur sha1 sha256 shipment siniestro siren siret sku sn sorteo sscc ssn startwert stichprobe
stimmen strichcode subtotal summe superavit superzahl sustituye taric tarif tarifa thousand
thousands ticket timestamp tipsa tomo torcode track tracking trackingnr transferencia tsd turnover
uberweisung uid umsatz upc uprn ups usd usps ust ustid utm utr uuid vat verwendungszweck
vielflieger vorgang vorlage votes votos voucher weight wkn zahl zahlen zahlerstand zeichen ziehung
zip
"""
"""Things that have a number, which may follow after a word or two."""

THINGS_ES = """
abono acta afiliacion afiliado albaran altura analisis analitica anchura anden anuncio apartado
articulo asiento atestado bastidor boleta boletin bulto butaca cama campana capacidad capitulo
cargo carne carnet cedula certificado chasis clave codigo colegiada colegiado compilacion
comprobante concepto confirmacion consumo contador conteo contrato cuenta cuota cupon decreto
denuncia deposito dictamen diligencia dispositivo documento duracion edicion encuesta entrada
envio equipo escrito escritura estudio etiqueta expedicion expediente factura fianza figura fila
finca firma foja folio formulario garantia grupo guia habitacion hipoteca historia historial hoja
identificador impuesto indice informe instancia justificante lamina latencia lectura legajo ley
licencia longitud lote mando manifiesto maquina matricula medicion medidor modelo muestra multa
nodo oficio operacion oportunidad orden pagina pale parada parcela pasaporte pedido permiso pieza
placa planta pliego poliza precinto predial predio presion prestamo presupuesto procedimiento
proceso protocolo proyecto puerta pulsera recibo recuento recurso registro remesa remito remolque
renta resguardo resolucion resultado revision ruta sala sancion seccion semilla sentencia servidor
sesion solicitud superficie tabla tamano tarea tarjeta ticket toma tramite tramo transaccion turno
ubicacion vagon vale vehiculo volante volumen vuelo
"""
"""Things whose number may follow after an adjective: in Spanish it follows its noun."""

THINGS_ADJACENT = """
abbildung ablesung account acct ad advert anlage annex antrag anzeige appendix application aufgabe
auflage ausgabe ausweis barcode barrier bed befund beitrag bericht bescheid bescheinigung
beschluss bib binder blatt block bond book booking breite brochure buchung budget build bussgeld
campaign capacity card case certificate channel chart check chip citation column commit conference
contract counter crate darlehen dataset dauer deed depth device doc docket document dokument door
draw druck druckstuck duration edition elapsed envelope error etikett exhibit fahrgestell fahrzeug
fall fehler file flache fleet flight flurstuck formular fracht frequency garantie gebuhr
genehmigung gerat gesetz gleis grid group grundbuch gruppe guarantee haushalt height hohe index
instrument issue item job kampagne kapitel karte kaution kennziffer key knoten kostenstelle label
ladung latency latenz leaflet lease leistung length listing location lockbox locker los loss
losung mailing mandat mandate matrikel meeting messung meter miete model modell muster node objekt
offset operation opportunity packchen page paket palette paper paragraf parcel part parte parzelle
passport payment penalty permit plate platz plot policy polizze premium prescription print probe
profit projekt protocol protokoll quittung rack rate raum reading record refund reg register reihe
remittance remote reservierung result results return rezept roll room route row run sample schein
schlussel schutzbrief score scores seat section seed seite series server session set shares sheet
shelf sitz sitzung size slot sort specimen spiel statement stichwort strafe strecke stub studie
study submission subscription sum survey tabelle table tag task teil terminal tiefe total trailer
transaction umfang umfrage umschlag urkunde urteil username vehicle verbrauch verfahren
version vertrag violation volume voyage wallet warrant warranty wasseruhr width withdrawal
zahler zahlschein zahlung zertifikat zimmer zoning
"""
"""Things whose number follows at once, if at all: they name people and departments, too."""

THING_ENDINGS = """
akte antrag ausweis bericht bescheid betrag blatt brief code dauer formular gebuhr gutachten karte
kennung konto kosten nachweis nr nrn nummer nummern police preis protokoll referenz register
schein schlussel stand summe ticket umsatz urkunde vertrag wert zahl zahler zeichen
"""
"""Ends of German compounds that name a thing with a number."""

MARKER_WORDS = """
no nos nr nrs num number numbers numero numeros nummer nummern nums
"""
"""A number follows; the words around tell whose."""

COLUMN_WORDS = """
abends arbeit aussen buro casa despacho dienstlich domicilio evenings fuera geschaftlich home
office outside particular privat private trabajo weekends work
"""
"""Headers of columns that hold telephone numbers, though the words alone do not say so."""
