/**
 * The words that passwords contain most often, in lower case and without digits. The list was written for
 * this project from common knowledge of habits; it was not taken from any leaked list. password-policy.ts
 * decides how it is used.
 */
const prompted = `password passwort passwd pass passcode mypassword mypass thepassword parola contrasena
  motdepasse senha wachtwoord haslo parool salasana welcome welkom willkommen bienvenue hello hallo hola bonjour
  letmein letmeinnow openup opensesame access secret topsecret mysecret private default changeme changeit change
  changepassword newpassword oldpassword temp temporary temppass test testing tester testtest testuser demo
  sample example guest user username login logon signin account admin administrator adminadmin root rootroot toor
  superuser sysadmin manager operator support service server master mastermaster system security secure internet
  network computer laptop desktop keyboard windows microsoft linux ubuntu android iphone samsung google facebook
  youtube twitter instagram linkedin myspace yahoo hotmail gmail amazon netflix spotify nintendo playstation xbox
  pokemon pikachu minecraft fortnite roblox warcraft starcraft counterstrike callofduty zelda mario database oracle
  cisco apple appleapple office company business money dollar million bitcoin whatever nothing something anything
  everything nopassword idontknow dontknow forgot forgotten remember blank none null undefined qwerty qwertyuiop
  qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm trustno trustnoone chat chatchat messenger`;

const loved = `iloveyou iloveu iloveme ilovegod ilovemom ilovejesus iloveher ilovehim loveyou loveme lovely love lover
  lovers loveislove mylove truelove babylove lovelove lovebug loverboy woaini teamo teamomucho jetaime tequiero amor amore
  amour forever always together friends friend bestfriend bestfriends family mother father brother sister baby babe
  babygirl babyboy honey sweet sweety sweetie sweetheart sugar candy cookie chocolate cupcake strawberry banana cherry
  peaches orange apples pumpkin pepper ginger cinnamon butter cheese coffee pizza angel angels angelo heaven jesus
  jesuschrist christ godisgood godislove blessed blessing faith hope grace trinity prayer princess princesa prince
  queen king kingdom beautiful pretty cutie gorgeous sexy sexygirl hottie hotgirl bitch fuckyou fuckoff fuckit fucker
  fuck asshole bullshit suckit pussy dick penis killer nigga badboy badgirl bigboy playboy player gangster thuglife
  rockstar rockyou superstar sunshine moonlight starlight rainbow sunflower flower flowers butterfly blossom rose roses lily
  daisy jasmine violet lavender summer winter autumn spring january february march april june july august september
  october november december monday tuesday wednesday thursday friday saturday sunday christmas birthday holiday beach
  ocean river mountain forest island paradise hawaii california texas florida newyork london paris berlin madrid
  america england france germany italia espana mexico brasil brazil canada australia india pakistan nigeria russia
  moscow china tokyo japan world earth planet galaxy universe star stars starwars startrek sky blue red green yellow
  purple pink black white silver golden gold diamond crystal`;

const named = `michael michelle jennifer jessica jordan joshua daniel daniela thomas robert matthew andrew anthony
  charlie charles george harley hunter william jonathan nicholas nicole natalie natasha amanda ashley samantha
  stephanie stephen steven christian christina christine christopher chris alexander alexandra alexis alexandre alex
  maria marina mariana martin martina marcus mark patrick patricia richard benjamin brandon brandy brittany barbara
  elizabeth victoria veronica vanessa valentina sabrina sandra sarah sophie sophia olivia isabella isabelle gabriel
  gabriela francesco francisco fernando eduardo ricardo roberto rodrigo carlos carolina catherine katherine kimberly
  lauren laura linda louise lorenzo leonardo luis miguel manuel antonio andrea andreas angelina angela anna anne
  antoine cameron caroline cristina danielle david dennis diego dominic donald edward eminem eric eugene frank
  frederick heather isaac jackson jacob james jason jeffrey jeremy joseph josephine juan julia julian justin karen
  kevin kelly larry liverpool madison margaret melissa miranda monica morgan muhammad mohammed ahmed nathan oliver
  oscar pamela peter philip rachel raymond rebecca ronaldo cristiano messi neymar beckham ronald russell samuel scott
  shannon sharon simon stella susan taylor teresa theresa timothy tiffany trevor tyler vincent walter wilson zachary
  tommy tigger bailey buddy buster max maggie molly sophie rocky lucky princess shadow smokey sparky spike toby
  snoopy scooby garfield mickey mickeymouse donaldduck tweety`;

const admired = `football footbal soccer baseball basketball softball volleyball hockey tennis golf golfer cricket
  rugby boxing wrestling skateboard snowboard surfing swimming running fishing hunting racing nascar ferrari porsche
  mercedes bmw audi toyota honda yamaha suzuki kawasaki chevrolet chevy camaro corvette mustang mustangs jaguar
  lamborghini maserati harleydavidson liverpoolfc chelsea chelseafc arsenal arsenalfc everton manchester manutd united
  manunited mancity barcelona realmadrid juventus bayern dortmund benfica galatasaray fenerbahce celtic rangers
  yankees redsox dodgers giants steelers cowboys packers raiders eagles patriots lakers bulls warriors celtics canucks
  superman batman spiderman ironman wolverine hulk joker robin catwoman avengers avatar matrix terminator gladiator
  godzilla predator rambo jamesbond bond titanic gandalf frodo hobbit lordoftherings harrypotter hogwarts dumbledore
  voldemort hermione skywalker darthvader yoda chewbacca naruto sasuke goku dragonball vegeta onepiece dragon dragons
  phoenix unicorn pegasus wizard magic magician merlin ninja samurai pirate warrior knight soldier viking spartan
  hercules zeus apollo athena venus mercury jupiter saturn neptune pluto monkey monkeys donkey gorilla tiger tigers
  lion lions lioness panther panthers leopard cheetah cat kitty kitten hellokitty dog doggie puppy wolf wolves wolfgang
  fox bear bears teddybear panda pandas rabbit bunny horse horses pony turtle turtles dolphin dolphins shark sharks
  whale penguin eagle falcon hawk chicken turkey snake spider scorpion lizard guitar drummer music metallica slipknot
  nirvana beatles rollingstones pinkfloyd ledzeppelin acdc blink greenday linkinpark coldplay rihanna beyonce shakira
  madonna britney justinbieber onedirection eminem tupac snoopdogg bobmarley elvis thunder lightning storm hurricane
  tornado blizzard rocket hammer hardcore maverick iceman rainbowsix scarface silverado freedom liberty justice peace
  victory champion champions winner number numberone legend genius monster demon devil lucifer satan hell ghost vampire
  zombie fantasy finalfantasy mystery miracle destiny dreams dreamer imagine believe success power energy jackass
  enter access abcabc abcdef abcdefg abcdefgh`;

const further = `1z2x3c4v butthead midnight marlboro bigdaddy cocacola explorer redskins creative rush swordfish charlotte elephant shithead
  lifehack franklin snowball gateway christin brooklyn cheerleader ranger einstein icecream bulldogs broncos
  snickers guinness budlight smirnoff enigma millenium millennium sebastian valentin santiago alejandro estrella
  mariposa patricio tinkerbell goldfish airborne infantry marines navyseal cthulhu runescape halflife undertaker
  stonecold johncena drowssap masterkey wildcats tarheels gymnastics airplane firebird ladygaga aerosmith godsmack
  megadeth aaron abigail adam adrian adriana agnes aidan aiden alan albert alberto alejandra alfred alfredo alice
  alicia alison allison alvin alyssa amber amelia amy ana anderson andre andres angelica anita annie ariana ariel
  armando arnold arthur audrey austin ava barry beatrice becky ben bernard beth bethany betty beverly bill billy
  blake bobby bonnie brad bradley brandi brenda brendan brent brett brian brianna bridget brooke bruce bruno bryan
  caitlin caleb camila candice carl carla carmen carol carole carolyn carrie casey cassandra cassie cathy cecilia
  cedric celeste chad charlene chase cheryl chloe christa christie christy cindy claire clara clarence claudia
  clayton cody colin colleen collin connor conrad corey courtney craig curtis cynthia dakota dale damian damien dan
  dana danny darius darlene darren dave dawn dean deanna debbie deborah debra denis denise derek desiree devin
  devon diana diane dominique donna dorothy doug douglas duncan dustin dwayne dwight dylan earl eddie edgar edwin
  eileen elaine elena eli elias elijah elisa ella ellen emily emma emmanuel enrique erica erick erik erika erin
  ernest esteban esther ethan eva evan evelyn fabian felicia felipe felix fernanda florence frances francesca
  francis frankie fred freddy gabrielle gary gavin gemma gene geoffrey gerald gerard gerardo gilbert gina giovanni
  gladys glenn gloria gordon graham grant greg gregory guillermo gustavo hailey hannah harold harriet harrison
  harry hayley hector heidi helen henry herbert herman hilary holly howard hugo ian ignacio irene iris isabel
  isaiah ivan ivy jack jackie jacqueline jade jaime jake jamie jan jane janet janice jared jasmin javier jay jean
  jeanette jeff jenna jenny jeremiah jerome jerry jesse jessie jill jim jimmy joan joann joanna joanne jocelyn
  jodie joe joel johanna john johnathan johnny jon jorge jose josh josue joy joyce juanita judith judy juliana
  julie juliet justine kaitlyn karina karl karla kate katelyn kathleen kathryn kathy katie katrina kayla keith
  kelsey ken kendra kenneth kenny kerry kirsten kristen kristin kristina kristine kristy kurt kyle lance latoya
  laurence laurie lawrence leah lee leo leon leonard leslie levi lewis liam lillian lindsay lindsey lisa logan lois
  lonnie loren lorena loretta lori lorraine louis lucas lucia luciana lucy luisa luke lydia lynn mackenzie madeline
  malcolm marc marcel marcela marcia marco marcos margarita mariah marie marilyn marisa marissa marjorie marlene
  marsha marshall martha marvin mary mateo mathew matt matthias maureen maurice maxime maxwell megan melanie
  melinda melody melvin meredith mia michaela micheal michel michele mike mitchell monique nancy naomi natalia
  nathalie nathaniel neil nelson nick nicolas nikita nina noah noel noelle nora norma norman olga omar orlando owen
  pablo paige patrice paul paula pauline pedro peggy penelope penny perry phillip phyllis preston priscilla rafael
  ralph ramon randall randy raquel raul regina renee rick ricky rita robbie roberta rocio rodney roger roland roman
  ronnie rosa rosalie rosemary ross roxanne roy ruben ruby ruth ryan sally salvador sam sandy sara saul savannah
  sean sebastien selena serena sergio seth shane shaun shawn sheila shelby shelley sherri sherry shirley sidney
  sierra silvia simone sofia sonia sonya spencer stacey stacy stanley stefan stefanie steve stewart stuart sue
  suzanne sydney sylvia tabitha tamara tammy tanner tanya tara tasha ted terrance terri terry theodore tim tina
  todd tom toni tony tracey tracy travis tricia tristan troy valerie vera vernon vicki vicky victor virginia vivian
  wade wanda warren wayne wendy wesley whitney will willie xavier yolanda yvette yvonne zoe boca braves brewers
  browns bruins buccaneers buckeyes cardinals chargers chiefs cubs dallas devils falcons flyers gators gunners
  hawkeyes hawks hornets hurricanes huskers indians jaguars jayhawks jets kings knicks longhorns mariners mavericks
  mets milan nationals newcastle orioles padres penguins phillies pirates pistons ravens redwings reds rockets
  rovers royals saints seahawks seminoles sooners spartans spurs sunderland suns titans tottenham trojans twins
  vikings volunteers wolverines acura aprilia bentley bugatti cadillac caterpillar charger chevelle chrysler
  citroen civic cobra corolla corsair cougar dodge ducati ford hayabusa hummer hyundai impala jeep lexus mazda
  mclaren miata mitsubishi nissan peugeot pontiac renault roadrunner scania subaru tacoma triumph tundra viper
  volkswagen volvo blackmetal bonjovi deftones depeche evanescence genesis gunsnroses hendrix hiphop incubus
  ironmaiden kiss korn marley misfits mozart muse nsync pantera pearljam pixies radiohead ramones rammstein reggae
  rocknroll sepultura slayer smashing soundgarden vanhalen zeppelin aladdin alien aliens anakin aragorn arwen bambi
  beavis bilbo blade brucelee bugsbunny buffy captain casper cinderella conan cyclops daredevil deadpool dexter
  disney dracula eeyore excalibur fantasia futurama godfather gollum goofy gundam hamlet hannibal hellboy
  highlander homer indiana jedi jurassic kenshin kermit kingkong legolas lionking luffy lupin magneto minnie mordor
  morpheus mulder nemo neo odin optimus padme pinky pinocchio popeye punisher robocop robinhood romeo sailormoon
  sauron schooby scoobydoo scully shrek simba simpson simpsons smallville snowwhite sonic southpark spawn spongebob
  stitch tarzan thor tintin transformers venom voyager winnie xfiles xmen zorro arcade assassin atari battlefield
  bioshock capcom civilization command counter crysis diablo dota everquest fallout fifa freecell gameboy gamecube
  gamer games garena halo hitman league leagueoflegends lineage mafia mariokart masseffect maxpayne megaman metroid
  mortal mortalkombat neopets pacman pandora portal quake resident segamega sega silenthill simcity skyrim steam
  streetfighter sudoku tekken tetris tombraider unreal warhammer witcher worldofwarcraft zerg alpha amazing
  american animal animals archer arctic argentina arizona atlanta atlantis atlas awesome badass balance balloon
  bananas bandit basket bastard beauty beaver bicycle bigdog bigfoot bigman bigmoney biohazard biscuit bitches
  blackbird blackcat blackjack blackrose blonde blondie blowjob blowme bluebird blueberry bluesky bomber bonehead
  boobies booboo boogie booger boomer booty boston bottle bronco brownie bubba bubble bubblegum bubbles buddha
  buffalo builder bulldog bullet bullseye bumblebee bungle burger buttercup button cactus camera camping cancer
  candle canela cannon caramel caravan carpet carrot cartman cartoon casino castle catdog champs chance charming
  cheesecake cherokee chester chevys chicago chico chronic chopper church circus classic clemson clouds clover
  cocaine coconut college colorado columbia comet concrete condor connect control cookies cooking cool coolman
  cooper copper corona cosmos cotton country courage cowboy cowgirl coyote cracker crazy cream crimson critter
  crown cruise crusader curious cutiepie cyber cyclone dancer dancing danger darkangel darkness darkside darling
  daddy daddysgirl death delicious delta denver desert desire detroit diamonds dickhead digital dinosaur direct
  dirty discover doctor dodgeball dollars doobie dragonfly dream driver drums duckie dude dynamite easter eclipse
  eleven electric element emerald emperor empire engine enjoy escape escort eternal eternity europe everest
  evolution excellent express extreme fabulous faithful famous farmer fashion favorite fender fighter fireball
  firefly fireman fish fisher flamingo flash flipper fluffy fortune fountain foxtrot freak freaky free freeman
  freeway friendship frog froggy fucking fuckme fuckthis future galileo gambit gambler gangsta garden gemini
  general georgia german giant giraffe glacier glitter global gobears godbless goddess goldie golfing good goodboy
  goodgirl goodluck goodtime gothic grandma grandpa grapes gravity greens griffin grizzly guardian guitarist gunner
  hacker hahaha halloween hamburger hamster handsome happy happyday hardrock harmony hawaiian heart hearts heavenly
  heavymetal hellothere helpme hidden hippie hollywood home honeybee honeybun horizon horny hotdog hotrod hotstuff
  hotties houston icecold illusion immortal indian indigo infinite infinity inferno insane inside intel ireland
  irish italian italy jasper jellybean jelly jester jesussaves jewels justme kangaroo karate killers killme kittens
  kittycat knights kodiak lacrosse ladies lady ladybug laguna lakeside lasvegas laser legends lemonade lemon letter
  lifeguard light lights lincoln little littleone lobster logitech lollipop lonely longhorn lost lovelife loser
  luckydog luckyone machine madman magical magnum majestic mango mankind marathon marine market marriage masters
  matador maximus mayhem medical member memory memphis mermaid merry metal mexican miami michigan military millions
  minister mission missy mobile mohamed moneyman monsters montana moonbeam moonshine morning motherfucker motorola
  mountains mouse movie mozilla muffin munchkin murphy musica musical muslim mystic nature nebraska nevada newlife
  newport nextel night nightmare nobody noodles notebook nuclear nurse nursing nutmeg octopus ohyeah olympia omega
  online oranges orchid oreo orgasm orion outback outlaw outsider oxford oxygen pacific paintball paladin panama
  pancake paradox parker party patches patience peaceful peanut peanuts pebbles people peppers pepsi perfect
  phantom photo piano pickle pickles picture pineapple pimpin pimping pinkie pioneer pisces pistol platinum
  playgirl please pleasure poison police policeman polska poop poopoo popcorn popper popular porkchop porn potato
  potter powerful powers precious precision president prettygirl problem professor programmer project promise
  protect punkrock puppies pussycat pyramid python quality quantum queenbee question racecar rainbows raindrop
  raptor rasta rastafari raven reaper rebel rebels record redbull redhead redneck redrose redrum regular relax
  release religion renegade republic rescue retard revenge revolution rhino robot rockon rodeo romance rooster
  rosebud rosie royal runaway runner sadness sailing sailor saint sakura salmon salvation sandman santa sapphire
  satellite sausage savage saxophone scarlet schatz school science scooter scorpio scotland scrabble scrapper
  scream screen secrets senior serenity sexybitch sexyboy sexylady sexyman shadows shamrock shelter sheriff shinobi
  shit shooter shopping shorty shotgun showtime silence simple singer single sisters skate skater skeeter skinny
  skipper skittles skydive skyline sleep sleeping sleepy slider slim slimshady smart smile smiles smiley smiling
  smoke smokes smoking smooth snakes snapper sniper snowflake snowman socrates solomon solution somebody someday
  sorrow soulmate spain spanish sparkle special speed speedy spirit spitfire splash spooky sports springer sprite
  square squirrel stallion starfish stargate start station steel sticky stinky stinker stoner stormy stranger
  strange street strength strike striker strong student stupid suicide summertime sundance sunlight sunny sunrise
  sunset super superfly superior supernova supersonic surfer surprise survivor sushi sweden sweetest sweetness
  sweetpea sweets swimmer switzerland sword tarheel tattoo teacher teddy teens tequila theboss thebest theking
  theman theone thirteen tinker titanium tobacco tomato tomcat tommyboy tomorrow toronto touchdown tower traffic
  travel traveler treasure triangle trigger trooper trouble truck trucker trueblue trumpet truth tucker turbo
  twilight twinkle twister ultimate umbrella undead underground universal unknown valentine valhalla valley
  vampires vanilla vegas velvet vengeance venice village vintage violence virgin virgo vision volcano volley voodoo
  walker wanker warlock water waterfall waterloo watermelon weather wedding weed werewolf western whateva whitey
  wildcat wildfire willow windmill window windsurf winston wisdom wizards wolfpack wonder wonderful wonderland
  working wrangler writer yankee yesterday youandme young zebra zenith zero nigger`;

export const commonWords: ReadonlySet<string> = new Set(
  [prompted, loved, named, admired, further]
    .flatMap((text) => text.split(/\s+/))
    .filter((word) => word !== ''),
);
